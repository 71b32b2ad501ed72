// A page with the boxes of its values. Fields are found by their data-path attribute, wherever they are on the page,
// so that pointing at one shows its box without asking the server.

const TURNED = 1.7; // how much larger a page is while a field on it has the focus
const FILLED = 0.9; // unless its box would fill more than this of the width

export default {
  template: `
    <div class="viewer">
      <div class="viewer-bar">
        <template v-if="pages.length > 1">
          <button type="button" @click="turn(-1)" :disabled="at === 0" aria-label="Previous page">‹</button>
          <span aria-live="polite">{{ at + 1 }} / {{ pages.length }}</span>
          <button type="button" @click="turn(1)" :disabled="at === pages.length - 1" aria-label="Next page">›</button>
        </template>
        <button type="button" @click="zoom = 1" :disabled="zoom === 1" aria-label="Whole width">⤢</button>
      </div>
      <div class="viewer-page" ref="frame" tabindex="0" role="region" :aria-label="'Page ' + (at + 1)">
        <pre v-if="page && !page.picture"><template v-for="line in lines"><span
          v-for="word in line" class="viewer-word" @click="take([word])">{{ word[0] }} </span>{{ '\\n' }}</template></pre>
        <div v-else-if="page" class="viewer-sheet" :style="{ width: 100 * zoom + '%' }">
          <img :src="source" :alt="'Page ' + page.number" draggable="false" />
          <svg :viewBox="'0 0 ' + page.width + ' ' + page.height" preserveAspectRatio="none"
            @pointerdown="press" @pointermove="drag" @pointerup="release" @pointercancel="drawn = null">
            <rect v-for="word in words" :x="word[3][0]" :y="word[3][1]" :width="word[3][2] - word[3][0]"
              :height="word[3][3] - word[3][1]" class="viewer-word"><title>{{ word[0] }}</title></rect>
            <rect v-for="box in shown" :key="box.key" :x="box.x" :y="box.y" :width="box.width" :height="box.height"
              :class="['viewer-box', { active: box.active }]" :data-box="box.path" />
            <rect v-if="drawn" :x="drawn.x" :y="drawn.y" :width="drawn.width" :height="drawn.height"
              class="viewer-drawn" />
          </svg>
        </div>
      </div>
    </div>`,

  props: { base: String, pages: Array, boxes: Object },
  emits: ["text", "key", "cells"],

  data() {
    return { at: 0, zoom: 1, active: null, focused: null, drawn: null, start: null, lines: [] };
  },

  computed: {
    page() {
      return this.pages[this.at];
    },
    source() {
      return `${this.base}/pages/${this.page.number}.png`;
    },
    words() {
      return this.lines.flat().filter((word) => word[3]);
    },
    shown() {
      return Object.entries(this.boxes).flatMap(([path, places]) =>
        places
          .filter((place) => place[0] === this.page.number)
          .map(([, x0, y0, x1, y1], index) => ({
            key: path + index,
            path,
            x: x0 - 1,
            y: y0 - 1,
            width: x1 - x0 + 2,
            height: y1 - y0 + 2,
            active: path === this.active,
          })),
      );
    },
  },

  watch: {
    base() {
      this.at = 0;
      this.zoom = 1;
      this.active = this.focused = null;
      this.load();
    },
    at() {
      this.load();
    },
  },

  mounted() {
    const heard = (listener) => (event) => this.isHidden() || listener(event);
    this.listeners = {
      focusin: heard(this.onFocus),
      focusout: heard(this.onLeave),
      mouseover: heard(this.onPoint),
      keydown: heard(this.onKey),
      paste: heard(this.onPaste),
    };
    for (const [name, listener] of Object.entries(this.listeners)) document.addEventListener(name, listener);
    this.load();
    this.begin();
  },
  unmounted() {
    for (const [name, listener] of Object.entries(this.listeners)) document.removeEventListener(name, listener);
  },

  methods: {
    async load() {
      this.lines = [];
      const page = this.page;
      if (!page) return;
      const answer = await fetch(`${this.base}/pages/${page.number}`);
      if (answer.ok && page === this.page) this.lines = (await answer.json()).lines;
    },
    turn(by) {
      this.at = Math.min(this.pages.length - 1, Math.max(0, this.at + by));
    },

    // Fields --------------------------------------------------------------------------------------

    pane() {
      return this.$el.closest(".review-pane");
    },
    isHidden() {
      // The review that comes next is built ahead, and has nothing to hear or to say yet.
      return this.$el.offsetParent === null;
    },
    pathOf(target) {
      return target instanceof Element ? (target.closest("[data-path]")?.dataset.path ?? null) : null;
    },
    onFocus(event) {
      const path = this.pathOf(event.target);
      if (!path) return;
      this.focused = path;
      this.point(path, true);
    },
    onLeave(event) {
      // Where the cursor stood, for the commands of a menu, which takes the focus away.
      const path = this.pathOf(event.target);
      if (path) window.finscribeCursor = { [path]: event.target.selectionStart };
    },
    onPoint(event) {
      this.point(this.pathOf(event.target) ?? this.focused, false);
    },
    point(path, closely) {
      this.active = path;
      const place = this.boxes[path]?.[0];
      if (!place || !closely) return;
      const index = this.pages.findIndex((page) => page.number === place[0]);
      if (index >= 0) this.at = index;
      this.zoom = Math.max(1, Math.min(TURNED, (FILLED * this.page.width) / (place[3] - place[1])));
      this.$nextTick(() => this.centre(place));
    },
    centre([, x0, y0, x1, y1]) {
      const frame = this.$refs.frame;
      const sheet = frame?.querySelector(".viewer-sheet");
      if (!sheet) return;
      const scale = sheet.clientWidth / this.page.width;
      const left = ((x0 + x1) / 2) * scale - frame.clientWidth / 2;
      const top = ((y0 + y1) / 2) * scale - frame.clientHeight / 2;
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      frame.scrollTo({ left, top, behavior: calm ? "auto" : "smooth" });
    },

    // Words ---------------------------------------------------------------------------------------

    take(words) {
      const text = words.map((word) => word[0]).join(" ");
      if (this.focused && text) this.$emit("text", this.focused, text);
    },
    spot(event) {
      const frame = event.currentTarget.getBoundingClientRect();
      return {
        x: ((event.clientX - frame.left) / frame.width) * this.page.width,
        y: ((event.clientY - frame.top) / frame.height) * this.page.height,
      };
    },
    press(event) {
      if (event.button !== 0) return;
      event.preventDefault(); // the field keeps the focus
      event.currentTarget.setPointerCapture(event.pointerId);
      this.start = this.spot(event);
    },
    drag(event) {
      if (!this.start) return;
      const { x, y } = this.spot(event);
      const box = {
        x: Math.min(x, this.start.x),
        y: Math.min(y, this.start.y),
        width: Math.abs(x - this.start.x),
        height: Math.abs(y - this.start.y),
      };
      const least = this.page.width / 150;
      this.drawn = this.drawn || box.width > least || box.height > least ? box : null;
    },
    release(event) {
      if (!this.start) return;
      const drawn = this.drawn;
      const { x, y } = this.spot(event);
      this.start = this.drawn = null;
      if (drawn) {
        this.take(this.words.filter(([, , , box]) => this.holds(drawn, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)));
      } else {
        this.take(this.words.filter(([, , , box]) => box[0] <= x && x <= box[2] && box[1] <= y && y <= box[3]).slice(0, 1));
      }
    },
    holds(box, x, y) {
      return box.x <= x && x <= box.x + box.width && box.y <= y && y <= box.y + box.height;
    },

    // Keys ----------------------------------------------------------------------------------------

    onKey(event) {
      const path = this.pathOf(event.target);
      const typing = event.target instanceof Element && event.target.closest("input, textarea");
      if (event.key === "Enter" && event.repeat) event.preventDefault(); // held down: nobody looks at what comes
      else if (document.querySelector(".q-dialog")) return; // it has the keys
      else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.tell(event, "approve", path);
      else if (event.key === "Enter" && path && typing) {
        this.tell(event, "accept", path);
        this.onward(path, 1);
      } else if (event.key === "Escape") this.tell(event, "undo", path);
      else if (event.key === "?" && (path || !typing)) this.tell(event, "keys", path);
      else if (event.key === "Tab" && path && this.onward(path, event.shiftKey ? -1 : 1)) event.preventDefault();
    },
    onPaste(event) {
      // Cells of a spreadsheet go into as many lines as there are.
      const path = this.pathOf(event.target);
      const text = event.clipboardData.getData("text/plain");
      if (!path?.startsWith("line_items[") || !/[\t\n]/.test(text.trimEnd())) return;
      event.preventDefault();
      this.$emit("cells", path, text);
    },
    async tell(event, name, path) {
      // A field waits a moment for more of what is typed: it is told before the key.
      event.preventDefault();
      event.target.dispatchEvent(new Event("change"));
      await this.$nextTick();
      this.$emit("key", name, path);
    },
    async begin() {
      // A reviewer starts at the first unsure field, unless there already is something to type into.
      await this.$nextTick();
      const pane = this.pane();
      const at = document.activeElement;
      if (this.isHidden() || at?.closest(".q-dialog") || (at?.closest("input") && pane.contains(at))) return;
      const first = pane.querySelector("[data-unsure='yes'] input") ?? pane.querySelector("[data-path] input");
      first?.focus({ preventScroll: true });
    },
    showFailing() {
      this.pane().querySelector(".failing[data-path] input")?.focus();
    },
    onward(path, by) {
      // To the next unsure field in the order of the page; false where there is none.
      const fields = [...this.pane().querySelectorAll("[data-path]")];
      const here = fields.findIndex((field) => field.dataset.path === path);
      const ahead = by > 0 ? fields.slice(here + 1) : fields.slice(0, here).reverse();
      const input = ahead.find((field) => field.dataset.unsure === "yes")?.querySelector("input");
      input?.focus();
      input?.select();
      return Boolean(input);
    },
  },
};

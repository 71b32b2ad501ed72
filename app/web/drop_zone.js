// Sends dropped or chosen files to the server, a few at a time, and says what became of those that were not taken.

const AT_ONCE = 3;

export default {
  template: `
    <div>
      <label class="drop-zone" :class="{ over }" @dragover.prevent="over = true" @dragleave="over = false"
        @drop.prevent="drop">
        <input type="file" multiple @change="choose" />
        <strong>{{ title }}</strong>
        <span>{{ kinds }}</span>
      </label>
      <div v-if="sent < total" class="drop-progress" role="status">
        <progress :value="sent" :max="total"></progress> {{ sent }} / {{ total }}
      </div>
      <ul v-if="refused.length" class="drop-refused" role="alert">
        <li v-for="each in refused">{{ each }}</li>
      </ul>
    </div>`,

  props: { address: String, title: String, kinds: String },
  emits: ["sent"],

  data() {
    return { over: false, waiting: [], busy: 0, sent: 0, total: 0, refused: [] };
  },

  methods: {
    drop(event) {
      this.over = false;
      this.add(event.dataTransfer.files);
    },
    choose(event) {
      this.add(event.target.files);
      event.target.value = "";
    },
    add(files) {
      if (this.sent === this.total) {
        this.sent = this.total = 0;
        this.refused = [];
      }
      this.waiting.push(...files);
      this.total += files.length;
      while (this.busy < AT_ONCE && this.waiting.length) this.work();
    },
    async work() {
      this.busy += 1;
      while (this.waiting.length) {
        const file = this.waiting.shift();
        const reason = await this.send(file);
        if (reason) this.refused.push(reason);
        this.sent += 1;
        this.$emit("sent");
      }
      this.busy -= 1;
    },
    async send(file) {
      const body = new FormData();
      body.append("files", file);
      try {
        const answer = await fetch(this.address, { method: "POST", body });
        if (answer.ok) return null;
        const problem = await answer.json();
        return `${problem.detail}. ${problem.hint}`;
      } catch (error) {
        return `${file.name}: ${error.message}`;
      }
    },
  },
};

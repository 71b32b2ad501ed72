// Sends dropped or chosen files to the server, a few at a time, and says of which nothing new became: those that were
// not taken, and those that are there already.

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
      <div role="alert">
        <ul v-if="refused.length" class="drop-refused"><li v-for="each in refused">{{ each }}</li></ul>
      </div>
      <div role="status">
        <ul v-if="known.length" class="drop-there">
          <li v-for="each in known">{{ each.file }} {{ there }} <a :href="'/review/' + each.id">{{ each.name }}</a></li>
        </ul>
      </div>
    </div>`,

  props: { address: String, title: String, kinds: String, there: String },
  emits: ["sent"],

  data() {
    return { over: false, waiting: [], busy: 0, sent: 0, total: 0, refused: [], known: [] };
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
        this.known = [];
      }
      this.waiting.push(...files);
      this.total += files.length;
      while (this.busy < AT_ONCE && this.waiting.length) this.work();
    },
    async work() {
      this.busy += 1;
      while (this.waiting.length) {
        await this.send(this.waiting.shift());
        this.sent += 1;
        this.$emit("sent");
      }
      this.busy -= 1;
    },
    async send(file) {
      const body = new FormData();
      body.append("files", file);
      try {
        const response = await fetch(this.address, { method: "POST", body });
        const answer = await response.json();
        if (!response.ok) this.refused.push(`${answer.detail}. ${answer.hint}`);
        else for (const each of answer.documents) if (!each.new) this.say(file, each.document);
      } catch (error) {
        this.refused.push(`${file.name}: ${error.message}`);
      }
    },
    say(file, document) {
      this.known.push({ file: file.name, id: document.id, name: document.name });
    },
  },
};

// The controls, the clock and the loop. What Streamlit calls is at the end.

const MOST_DOTS = 2000;
const MOST_STANDING = 1500;
const SAMPLES = 60;
const CALM = "(prefers-reduced-motion: reduce)";
const SHAPES = { play: "M5 3.5 16 10 5 16.5z", pause: "M5 4h4v12H5zm6 0h4v12h-4z" };

class Player {
  constructor(root) {
    this.root = root;
    this.find = (name) => root.querySelector(`.${name}`);
    this.t = 0;
    this.playing = false;
    this.followed = "";
    this.painters = [];
    this.gaps = [];
    this.costs = [];
    this.listen();
  }

  listen() {
    const { find } = this;
    find("play").onclick = () => this.play(!this.playing);
    find("back").onclick = () => this.step(-1);
    find("on").onclick = () => this.step(1);
    find("time").oninput = (event) => this.pauseAt(Number(event.target.value) * this.stepMs);
    find("speed").onchange = (event) => (this.minutes = Number(event.target.value));
    find("follow").onchange = (event) => this.follow(event.target.value);
    find("strip").onpointerdown = (event) => this.pointAt(event);
    find("strip").onpointermove = (event) => event.buttons && this.pointAt(event);
  }

  async show(data) {
    const numbers = data.pictures.map((picture) => picture.numbers).join();
    this.data = data;
    this.words = data.words;
    if (numbers !== this.numbers) {
      this.numbers = numbers;
      this.ready = false;
      this.pictures = await Promise.all(data.pictures.map(opened));
      if (numbers !== this.numbers) return;
      this.build();
    }
    this.watchSize();
    this.fit();
    this.schedule();
  }

  build() {
    const { data, words, find, pictures } = this;
    this.stepMs = Math.min(...pictures.map((picture) => picture.step_ms));
    this.span = Math.max(...pictures.map((picture) => (picture.steps - 1) * picture.step_ms));
    this.start = new Date(`${pictures[0].start}Z`).getTime();
    find("moving").setAttribute("aria-label", words.region);
    for (const name of ["back", "on"]) this.name(name, words[name]);
    this.name("time", words.time);
    find("speed-word").textContent = words.speed;
    find("follow-word").textContent = words.follow;
    find("time").max = Math.round(this.span / this.stepMs);
    this.minutes = usualSpeed(data.speeds, this.span);
    fillSelect(find("speed"), Object.entries(data.speeds), String(this.minutes));
    const followed = pictures.at(-1).journeys.map((journey) => [journey.id, journey.label]);
    this.followed = followed.some(([id]) => id === this.followed) ? this.followed : "";
    fillSelect(find("follow"), [["", words.nobody], ...followed], this.followed);
    this.painters = pictures.map((picture, n) => this.frameFor(picture, data.captions[n]));
    find("pictures").replaceChildren(...this.painters.map((painter) => painter.figure));
    this.t = pictures[0].from_step * pictures[0].step_ms;
    this.story = null;
    this.ready = true;
    find("moving").setAttribute("aria-busy", "false");
    this.play(!this.calm);
  }

  get calm() {
    return window.matchMedia(CALM).matches;
  }

  name(part, text) {
    this.find(part).setAttribute("aria-label", text);
    this.find(part).title = text;
  }

  frameFor(picture, caption) {
    const figure = document.createElement("figure");
    const heading = document.createElement("figcaption");
    heading.textContent = caption;
    const map = document.createElement("div");
    map.className = "map";
    const [under, above] = [document.createElement("canvas"), document.createElement("canvas")];
    under.setAttribute("role", "img");
    above.setAttribute("aria-hidden", "true");
    map.append(under, above);
    figure.append(heading, map);
    return Object.assign(new Painter(picture, under, above), { figure });
  }

  watchSize() {
    if (this.resizing) return;
    this.resizing = new ResizeObserver(() => this.fit());
    this.resizing.observe(this.find("pictures"));
    this.looking = new IntersectionObserver(([seen]) => {
      this.inView = seen.isIntersecting;
      this.schedule();
    });
    this.looking.observe(this.find("moving"));
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.resizing?.disconnect();
    this.looking?.disconnect();
    this.frame = this.resizing = this.looking = null;
  }

  fit() {
    const pictures = this.find("pictures");
    const whole = pictures.clientWidth;
    if (!whole || !this.ready) return;
    const two = this.painters.length > 1;
    pictures.classList.toggle("beside", two && whole >= 760);
    const style = getComputedStyle(this.find("moving"));
    const looks = this.painters.map((_, n) => lookOf(style, this.data, n));
    const width = two && whole >= 760 ? Math.floor((whole - 16) / 2) : whole;
    this.painters.forEach((painter, n) => {
      painter.figure.style.setProperty("--accent", looks[n].accent);
      painter.fit(width, looks[n]);
    });
    for (const [name, value] of Object.entries({ muted: looks[0].muted, edge: looks[0].edge, followed: looks[0].followed }))
      this.find("moving").style.setProperty(`--${name}`, value);
    this.per = parcelsPerDot(this.pictures, (n, s, lane) => this.painters[n].roomFor(s, lane), MOST_STANDING);
    this.line = this.find("strip").clientWidth;
    this.names = namesBefore(this.pictures[0], looks[0], this.line);
    this.find("moving").style.setProperty("--names", `${this.names}px`);
    drawStrip(this.find("strip").querySelector("canvas"), this.pictures, looks, this.line, this.names, this.span);
    this.legend();
    this.draw();
  }

  legend() {
    const { words, per } = this;
    const says = [per === 1 ? words.one_dot : said(words.dots, { per: grouped(per) })];
    if (this.pictures.some((picture) => picture.stations.some((station) => !isOfParcels(station)))) says.push(words.consignments);
    if (this.painters.some((painter) => painter.overflows(per))) says.push(words.full);
    says.push(words.people, words.bands, words.strip);
    this.find("legend").textContent = says.join(" ");
  }

  play(on) {
    const { words, find } = this;
    if (on && this.t >= this.span) this.t = 0;
    this.playing = on;
    find("play").querySelector(".word").textContent = on ? words.pause : words.play;
    find("play").querySelector(".shape").setAttribute("d", on ? SHAPES.pause : SHAPES.play);
    find("now").setAttribute("aria-live", on ? "off" : "polite");
    this.last = this.told = null;
    this.draw();
    this.schedule();
  }

  pauseAt(t) {
    this.t = Math.max(0, Math.min(t, this.span));
    this.play(false);
  }

  step(by) {
    this.pauseAt((Math.floor(this.t / this.stepMs) + by) * this.stepMs);
  }

  pointAt(event) {
    const box = this.find("strip").getBoundingClientRect();
    const share = (event.clientX - box.left - this.names) / (this.line - this.names);
    this.pauseAt(Math.max(0, Math.min(share, 1)) * this.span);
  }

  follow(id) {
    this.followed = id;
    this.story = null;
    const journey = this.journeyIn(this.pictures.at(-1));
    if (journey && !(this.t >= journey.placed && (this.t < journey.left || journey.left < 0)))
      this.t = Math.max(0, Math.floor(journey.placed / this.stepMs) * this.stepMs);
    this.draw();
  }

  journeyIn(picture) {
    return picture.journeys.find((journey) => journey.id === this.followed);
  }

  schedule() {
    if (this.frame || !this.ready || !this.playing || this.inView === false) return;
    this.frame = requestAnimationFrame((now) => this.tick(now));
  }

  tick(now) {
    this.frame = null;
    if (!this.playing || !this.find("moving").isConnected) return;
    const passed = this.last === null ? 0 : now - this.last;
    if (this.calm) {
      if (this.last === null || passed >= 500) {
        this.t += this.last === null ? 0 : Math.max(this.stepMs, this.minutes * 30_000);
        this.last = now;
        this.draw();
      }
    } else {
      this.last = now;
      this.t += Math.min(passed, 100) * this.minutes * 60;
      const begun = performance.now();
      this.draw();
      this.count(passed, performance.now() - begun);
    }
    if (this.t >= this.span) this.pauseAt(this.span);
    this.schedule();
  }

  draw() {
    if (!this.ready || !this.per) return;
    const { t, per } = this;
    const flown = this.calm ? 0 : FLOWN_S * 1000 * this.minutes * 60;
    const most = MOST_DOTS / this.painters.length;
    this.shown = 0;
    for (const painter of this.painters)
      this.shown += painter.draw(t, per, flown, this.journeyIn(painter.picture), most);
    this.tell();
  }

  // What stands outside the canvases; texts that change only with the time step are written only then.
  tell() {
    const { find, t } = this;
    const step = Math.floor(t / this.stepMs);
    find("head").style.transform = `translateX(${this.names + (t / this.span) * (this.line - this.names)}px)`;
    if (step === this.told && this.story) return;
    this.told = step;
    const clock = this.clock(t);
    find("clock").textContent = clock;
    find("time").value = step;
    find("time").setAttribute("aria-valuetext", clock);
    this.tellJourney();
    const now = performance.now();
    if (this.playing && now - (this.saidAt ?? 0) < 1000) return;
    this.saidAt = now;
    find("now").textContent = this.moment(clock);
    this.painters.forEach((painter) => painter.under.setAttribute("aria-label", this.momentOf(painter.picture, clock)));
  }

  moment(clock) {
    return this.pictures
      .map((picture, n) => [this.data.captions[n], this.momentOf(picture, clock)].filter(Boolean).join(" · "))
      .join(" ");
  }

  momentOf(picture, clock) {
    const step = stepAt(picture, this.t);
    const stations = picture.stations
      .filter((station) => station.lanes[0]?.part === "queueing")
      .map((station) => said(this.words.at_station, { station: station.name, waiting: grouped(station.lanes[0].items[step]) }));
    return said(this.words.now, { clock, stations: stations.join(", ") });
  }

  clock(t) {
    const at = new Date(this.start + t);
    const two = (number) => String(number).padStart(2, "0");
    const day = this.words.weekdays.split(",")[at.getUTCDay()];
    const month = this.words.months.split(",")[at.getUTCMonth()];
    return `${day} ${at.getUTCDate()} ${month} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  }

  // The story so far, of the same parcel in each picture.
  tellJourney() {
    const box = this.find("journey");
    const chosen = this.journeyIn(this.pictures.at(-1));
    box.hidden = !chosen;
    if (!chosen) {
      this.story = "none";
      return;
    }
    const stories = this.pictures.map((picture) => this.storySoFar(this.journeyIn(picture)));
    const story = `${this.followed} ${stories.map((lines) => lines.length)}`;
    if (story === this.story) return;
    this.story = story;
    this.find("whose").textContent = `${this.words.story}: ${chosen.label}`;
    this.find("stories").replaceChildren(...stories.map((lines, n) => this.storyOf(lines, this.data.captions[n])));
    for (const list of this.find("stories").querySelectorAll("ol")) list.scrollTop = list.scrollHeight;
  }

  storySoFar(journey) {
    if (!journey) return [["", this.words.not_here]];
    const happened = journey.story.filter(([at]) => at <= this.t);
    return happened.length ? happened.map(([at, text]) => [this.clock(at), text]) : [["", this.words.not_yet]];
  }

  storyOf(lines, caption) {
    const part = document.createElement("div");
    const heading = Object.assign(document.createElement("p"), { className: "which", textContent: caption });
    const list = document.createElement("ol");
    list.tabIndex = 0;
    list.setAttribute("aria-label", [this.words.story, caption].filter(Boolean).join(", "));
    list.append(...lines.map(([clock, text]) => storyLine(clock, text)));
    list.lastChild.setAttribute("aria-current", "step");
    part.append(...(caption ? [heading] : []), list);
    return part;
  }

  // How smooth it is, to be read by whoever measures: medians over the last frames.
  count(gap, cost) {
    if (gap) this.gaps.push(gap);
    this.costs.push(cost);
    if (this.costs.length < SAMPLES) return;
    const { dataset } = this.find("moving");
    Object.assign(dataset, { gapMs: median(this.gaps), drawMs: median(this.costs), dots: this.shown });
    this.gaps = [];
    this.costs = [];
  }
}

function storyLine(clock, text) {
  const line = document.createElement("li");
  const time = document.createElement("time");
  time.textContent = clock;
  const told = document.createElement("span");
  told.textContent = text;
  line.append(time, told);
  return line;
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)].toFixed(2);
}

// A run of a day takes a minute or two, one of a month five.
function usualSpeed(speeds, span) {
  const wanted = span / 60_000 / 240;
  const offered = Object.keys(speeds).map(Number);
  return offered.reduce((best, one) => (Math.abs(Math.log(one / wanted)) < Math.abs(Math.log(best / wanted)) ? one : best));
}

function fillSelect(select, options, chosen) {
  select.replaceChildren(
    ...options.map(([value, text]) => Object.assign(document.createElement("option"), { value, textContent: text })),
  );
  select.value = chosen;
}

// Colours of the theme in use; `number` is which picture.
function lookOf(style, data, number) {
  const of = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const paper = of("background-color") || "#ffffff";
  const dark = luminance(paper) < 0.4;
  const colours = data.colours[dark ? "dark" : "light"];
  return { ...colours, paper, ink: of("text-color") || colours.ink, font: of("font") || "sans-serif", accent: colours.accents[number], words: data.words };
}

function luminance(colour) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

const players = new WeakMap();

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".moving").parentNode;
  if (!players.has(root)) players.set(root, new Player(root));
  const player = players.get(root);
  player.show(data);
  return () => player.stop();
}

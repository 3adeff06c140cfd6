// Drawing: what changes with the time step on one canvas, what moves on another above it.

const SMALL = 11;
const DOT = 4;
const FLOWN_S = 0.9;
const FEWEST_FLYING = 200;

function sized(canvas, width, height, ratio) {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

// Dots of a colour, drawn once: a single one, and sheets of them from which a box takes whole rows.
class Dots {
  constructor(ratio) {
    this.ratio = ratio;
    this.kept = new Map();
  }

  one(colour, size = DOT) {
    return this._made(`${colour} ${size}`, size + 1, size + 1, (context) => disc(context, colour, size / 2 + 0.5, size / 2 + 0.5, size));
  }

  sheet(colour, w, h, pitch, square) {
    return this._made(`${colour} ${w} ${h} ${pitch}`, w, h, (context) => {
      for (let row = 0; (row + 1) * pitch <= h; row++)
        for (let column = 0; (column + 1) * pitch <= w; column++) {
          const [x, y] = [column * pitch, h - (row + 1) * pitch];
          context.fillStyle = colour;
          if (square) context.fillRect(x, y, pitch - 2, pitch - 2);
          else disc(context, colour, x + pitch / 2, y + pitch / 2, DOT);
        }
    });
  }

  _made(key, w, h, draw) {
    if (!this.kept.has(key)) {
      const canvas = document.createElement("canvas");
      draw(sized(canvas, Math.ceil(w), Math.ceil(h), this.ratio));
      this.kept.set(key, canvas);
    }
    return this.kept.get(key);
  }
}

function disc(context, colour, x, y, size) {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, size / 2, 0, 2 * Math.PI);
  context.fill();
}

// One picture on its two canvases.
class Painter {
  constructor(picture, under, above) {
    this.picture = picture;
    this.under = under;
    this.above = above;
  }

  fit(width, look) {
    this.look = look;
    this.ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.dots = new Dots(this.ratio);
    const measuring = document.createElement("canvas").getContext("2d");
    measuring.font = `600 13px ${look.font}`;
    this.plan = laidOut(this.picture, width, (text, w) => brokenInto(measuring, text, w));
    this.context = sized(this.under, width, this.plan.height, this.ratio);
    this.flying = sized(this.above, width, this.plan.height, this.ratio);
    this.drawn = -1;
  }

  roomFor(number, lane) {
    const station = this.picture.stations[number];
    return room(this.plan.cards[number].lanes[station.lanes.indexOf(lane)].box, isOfParcels(station) ? PITCH : SQUARE);
  }

  // Whether some box is ever too small for its dots.
  overflows(per) {
    return this.picture.stations.some((station, n) =>
      station.dots.some((lane) => lane.most / (isOfParcels(station) ? per : 1) > this.roomFor(n, lane)),
    );
  }

  // Everything at time t; `flown` is how long (ms of the run) a dot is on its way, 0 for none.
  draw(t, per, flown, followed, most) {
    const step = stepAt(this.picture, t);
    if (step !== this.drawn || per !== this.per) {
      this.drawn = step;
      this.per = per;
      this.shown = this._standing(step, per);
    }
    const context = this.flying;
    context.clearRect(0, 0, this.plan.width, this.plan.height);
    const flying = flown > 0 ? this._flying(t, per, flown, Math.max(FEWEST_FLYING, most - this.shown)) : 0;
    if (followed) this._followed(followed, t, flown);
    return this.shown + flying;
  }

  _standing(step, per) {
    const { context, plan, picture } = this;
    context.clearRect(0, 0, plan.width, plan.height);
    this._ways();
    let dots = 0;
    picture.stations.forEach((station, number) => {
      const card = plan.cards[number];
      this._card(card, station, isClosed(picture, station, step));
      station.crews.forEach((crew, n) => this._crew(card.crews[n], station, crew, step));
      if (picture.stock && hasStock(picture, station)) this._stock(card.stock, step);
      station.lanes.forEach((lane, n) => {
        dots += this._lane(card.lanes[n], station, lane, lane.items[step], per);
      });
    });
    this._feet(step);
    return dots;
  }

  _ways() {
    const { context, plan, look } = this;
    context.strokeStyle = look.grid;
    context.lineWidth = 1.5;
    context.lineJoin = "round";
    context.beginPath();
    for (const { points } of plan.ways) {
      context.moveTo(...points[0]);
      for (const point of points.slice(1)) context.lineTo(...point);
    }
    context.stroke();
  }

  _card(card, station, closed) {
    const { context, look } = this;
    context.fillStyle = closed ? look.closed : look.card;
    context.beginPath();
    context.roundRect(card.x, card.y, card.w, card.h, 8);
    context.fill();
    context.font = `600 13px ${look.font}`;
    context.fillStyle = look.ink;
    context.textBaseline = "top";
    card.name.forEach((line, n) => context.fillText(line, card.inner, card.nameY + n * 17));
  }

  _crew(place, station, crew, step) {
    const { context, picture, look } = this;
    const [there, here] = [picture.heads[crew.team][step], crew.busy[step]];
    const all = picture.allBusy[crew.team][step];
    this._say(shorter(context, picture.teams[crew.team], place.w, look), place.x, place.y + 4, look.muted);
    this._say(shorter(context, this._atWork(there, here, all), place.w, look), place.x, place.y + 17, look.ink);
    this._people(place, there, here, Math.max(0, Math.min(all - here, there - here)));
  }

  _atWork(there, here, all) {
    const { words } = this.look;
    if (!there) return all ? said(words.overtime, { busy: all }) : words.closed;
    return said(all > here ? words.here : words.busy, { busy: here, there });
  }

  // A square each: busy here, busy elsewhere, free, in overtime; a bar where they are too many.
  _people(place, there, here, elsewhere) {
    const { context, look } = this;
    const shown = Math.max(there, here);
    const columns = Math.floor((place.w + 2) / SQUARE);
    const y = place.y + 32;
    if (shown > columns) {
      const unit = place.w / shown;
      context.fillStyle = look.staffed;
      context.fillRect(place.x, y, there * unit, 8);
      context.fillStyle = look.elsewhere;
      context.fillRect(place.x, y, (here + elsewhere) * unit, 8);
      context.fillStyle = look.busy;
      context.fillRect(place.x, y, here * unit, 8);
      return;
    }
    for (let n = 0; n < shown; n++) {
      const x = place.x + n * SQUARE;
      context.fillStyle = n >= there ? look.overtime : n < here ? look.busy : look.elsewhere;
      if (n < here + elsewhere || n >= there) context.fillRect(x, y, 7, 8);
      else {
        context.strokeStyle = look.muted;
        context.lineWidth = 1;
        context.strokeRect(x + 0.5, y + 0.5, 6, 7);
      }
    }
  }

  _stock(place, step) {
    const { context, picture, look } = this;
    const [free, short] = [picture.stock.free[step], picture.stock.short[step]];
    const units = said(look.words.units, { units: grouped(free) });
    const text = short ? `${units}, ${said(look.words.short, { short })}` : units;
    this._say(shorter(context, text, place.w, look), place.x, place.y, short ? look.ink : look.muted);
    context.fillStyle = look.staffed;
    context.fillRect(place.x, place.y + 16, place.w, 7);
    context.fillStyle = look.stock;
    context.fillRect(place.x, place.y + 16, (place.w * free) / picture.stock.most, 7);
  }

  _lane(place, station, lane, count, per) {
    const { context, look } = this;
    const queueing = lane.part === "queueing";
    const part = station.carries === "documents" && lane.part === "documents" ? "documents_alone" : lane.part;
    context.font = `600 ${queueing ? 13 : SMALL + 1}px ${look.font}`;
    context.fillStyle = count ? look.ink : look.muted;
    const number = grouped(count);
    context.fillText(number, place.x, place.textY);
    const used = context.measureText(number).width + 4;
    this._say(shorter(context, look.words[part], place.textW - used, look), place.x + used, place.textY + 1, look.muted);
    if (lane.part === "transit") return 0;
    context.fillStyle = look.box;
    context.beginPath();
    context.roundRect(place.box.x - 2, place.box.y - 2, place.box.w + 4, place.box.h + 4, 4);
    context.fill();
    return this._fill(place.box, count, per, station, queueing ? this._colourAt(station) : look.parts[lane.part]);
  }

  _colourAt(station) {
    return station.carries === "documents" ? this.look.parts.documents : this.look.accent;
  }

  // The lowest rows of a sheet of dots, and a part of the next; where there are too many, a full box with their number.
  _fill(box, count, per, station, colour) {
    if (!count) return 0;
    const parcels = isOfParcels(station);
    const pitch = parcels ? PITCH : SQUARE;
    const shown = Math.ceil(count / (parcels ? per : 1));
    if (shown > room(box, pitch)) return this._full(box, count, colour);
    const columns = Math.floor(box.w / pitch);
    const sheet = this.dots.sheet(colour, box.w, box.h, pitch, !parcels);
    const whole = Math.floor(shown / columns);
    this._cut(sheet, box, 0, whole * pitch, box.w);
    this._cut(sheet, box, whole * pitch, pitch, (shown % columns) * pitch);
    return shown;
  }

  _full(box, count, colour) {
    const { context, look } = this;
    context.fillStyle = colour;
    context.beginPath();
    context.roundRect(box.x, box.y, box.w, box.h, 3);
    context.fill();
    context.font = `600 ${box.h > 40 ? 18 : 13}px ${look.font}`;
    context.fillStyle = colour === look.accent ? look.onDark : look.onLight;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(grouped(count), box.x + box.w / 2, box.y + box.h / 2, box.w - 4);
    context.textAlign = "left";
    context.textBaseline = "top";
    return 1;
  }

  _cut(sheet, box, above, height, width) {
    if (height <= 0 || width <= 0) return;
    const y = box.h - above - height;
    const r = this.ratio;
    this.context.drawImage(sheet, 0, y * r, width * r, height * r, box.x, box.y + y, width, height);
  }

  _feet(step) {
    const { context, plan, picture, look } = this;
    const sum = (chosen) => picture.moves.reduce((total, move) => total + (chosen(move) ? move.soFar[step] : 0), 0);
    const parcels = (number) => picture.stations[number].carries === "orders" || picture.stations[number].carries === "goods";
    const came = sum((move) => move.origin === OUTSIDE && parcels(move.target));
    const done = sum((move) => move.target === DONE && move.origin >= 0 && parcels(move.origin));
    const lost = sum((move) => move.target === LOST && parcels(move.origin));
    this._say(said(look.words.came, { came: grouped(came) }), plan.cards[0].x, plan.feet - SMALL, look.muted);
    const end = `${said(look.words.done, { done: grouped(done) })} · ${said(look.words.lost, { lost: grouped(lost) })}`;
    const last = plan.cards.at(-1);
    context.textAlign = "right";
    this._say(end, last.x + last.w, plan.feet - SMALL, look.muted);
    context.textAlign = "left";
  }

  _flying(t, per, flown, mostFlying) {
    const { flying: context, plan, picture, look } = this;
    const own = { [LOST]: this.dots.one(look.ink), [STOCKED]: this.dots.one(look.stock) };
    let drawn = 0;
    picture.moves.forEach((move, n) => {
      const station = picture.stations[move.origin === OUTSIDE ? move.target : move.origin];
      const sprite = own[move.target] ?? this.dots.one(this._colourAt(station));
      const size = DOT + 1;
      const one = (at, dot) => {
        if (drawn >= mostFlying) return;
        const [x, y] = along(plan.ways[n], (t - at) / flown);
        const shift = ((dot * 7) % 9) - 4;
        context.drawImage(sprite, Math.round(x + shift * 0.6 - size / 2), Math.round(y + (((dot * 5) % 7) - 3) * 0.6 - size / 2), size, size);
        drawn++;
      };
      eachGoing(picture, move, t - flown, t, isOfParcels(station) ? per : 1, one);
    });
    return drawn;
  }

  _followed(journey, t, flown) {
    const place = this._placeOf(journey, t, flown);
    if (!place) return;
    const context = this.flying;
    disc(context, this.look.paper, place[0], place[1], 17);
    disc(context, this.look.ink, place[0], place[1], 14);
    disc(context, this.look.followed, place[0], place[1], 11);
  }

  // Where a followed parcel is: in its box from the back to the front, at the people who work on it, or on its way.
  _placeOf(journey, t, flown) {
    const { stays, left } = journey;
    const now = stays.findIndex(([, , from, to]) => from <= t && (t < to || to < 0));
    if (now < 0) return left >= 0 && t >= left ? this._leaving(journey, t, flown) : null;
    const [station, lane, from, to] = stays[now];
    const before = now ? stays[now - 1][0] : OUTSIDE;
    if (before !== station && t - from < flown) {
      const flight = this._way(before, station);
      if (flight) return along(flight, (t - from) / flown);
    }
    const card = this.plan.cards[station];
    if (lane <= AT_WORK) {
      const crew = card.crews[AT_WORK - lane];
      return [crew.x + crew.w - 8, crew.y + 36];
    }
    const { lanes, parts } = this.picture.stations[station];
    const own = lanes.findIndex((one) => one.part === parts[lane]);
    if (own < 0) return null;
    const place = card.lanes[own];
    if (lanes[own].part === "transit") return [place.x + place.textW + 2, place.textY + 7];
    const share = to < 0 ? 0.5 : (t - from) / (to - from);
    const { x, y, w, h } = place.box;
    return [x + w * (0.5 + 0.35 * Math.cos(3 * share)), y + 8 + (h - 16) * share];
  }

  _leaving(journey, t, flown) {
    const last = journey.stays.at(-1)?.[0];
    if (last === undefined || t - journey.left >= flown) return null;
    const target = [DONE, STOCKED, LOST].find((end) => this._way(last, end) && (end === LOST) === journey.lost);
    const flight = target === undefined ? null : this._way(last, target);
    return flight && along(flight, (t - journey.left) / flown);
  }

  _way(origin, target) {
    const number = this.picture.moves.findIndex((move) => move.origin === origin && move.target === target);
    return number < 0 ? null : this.plan.ways[number];
  }

  _say(text, x, y, colour) {
    const { context, look } = this;
    context.font = `${SMALL}px ${look.font}`;
    context.fillStyle = colour;
    context.textBaseline = "top";
    context.fillText(text, x, y);
  }
}

function said(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const digits = new Intl.NumberFormat("en-GB");
function grouped(number) {
  return digits.format(number);
}

function brokenInto(context, text, width) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  if (lines.length > 3) lines.splice(2, lines.length, `${lines[2]}…`);
  return lines;
}

// A text that fits a width, with its end left out where it has to be.
function shorter(context, text, width, look) {
  context.font = `${SMALL}px ${look.font}`;
  if (context.measureText(text).width <= width) return text;
  let cut = text;
  while (cut.length > 1 && context.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1);
  return `${cut.trimEnd()}…`;
}

// Where everything stands: a card for each station, side by side where there is room, else one below the other.

const WIDE = 620;
const LEAST_CARD = 96; // in narrower columns most words would be cut
const SIDE = 16;
const PITCH = 5;
const SQUARE = 9;
const GAP = 18;
const LINE = 15;
const BETWEEN = 6;

// Lays out cards and the ways between them for a width in pixels; `lines(text, width)` breaks a name into lines.
function laidOut(picture, width, lines) {
  const wide = width >= WIDE && columnWidth(picture, width) >= LEAST_CARD;
  const plan = wide ? inColumns(picture, width, lines) : inRows(picture, width, lines);
  plan.ways = picture.moves.map((move) => way(plan, picture, move));
  return plan;
}

function columnWidth({ stations: { length: count } }, width) {
  return Math.min((width - 2 * SIDE - (count - 1) * GAP) / count, 230);
}

function inColumns(picture, width, lines) {
  const count = picture.stations.length;
  const w = columnWidth(picture, width);
  const left = (width - count * w - (count - 1) * GAP) / 2;
  const inner = w - 16;
  const names = picture.stations.map((station) => lines(station.name, inner));
  const nameH = Math.max(...names.map((name) => name.length)) * 17;
  const crewsH = Math.max(...picture.stations.map((station) => station.crews.length)) * 50;
  const held = picture.stations.map(({ lanes }) => lanes.slice(1));
  const heldH = Math.max(...held.map((own) => own.reduce((sum, lane) => sum + heldHeight(lane), 0)), 0);
  const stockH = picture.stock ? 32 : 0;
  const top = 20;
  const boxH = 130;
  const h = 10 + nameH + crewsH + stockH + LINE + 4 + boxH + BETWEEN + heldH + 8;
  const cards = picture.stations.map((station, number) => {
    const x = left + number * (w + GAP);
    let y = top + 10;
    const card = { x, y: top, w, h, inner: x + 8, innerW: inner, name: names[number], nameY: y };
    y += nameH;
    card.crews = station.crews.map((_, n) => ({ x: x + 8, y: y + n * 50, w: inner }));
    y += crewsH;
    card.stock = { x: x + 8, y, w: inner };
    y += stockH;
    card.lanes = station.lanes.map((lane, n) => {
      const height = n === 0 ? boxH : 34;
      const found = { textY: y, x: x + 8, box: { x: x + 8, y: y + LINE + 4, w: inner, h: height }, textW: inner };
      y += n === 0 ? LINE + 4 + boxH + BETWEEN : heldHeight(lane);
      return found;
    });
    return card;
  });
  const bottom = top + h;
  return { wide: true, width, height: bottom + 48, cards, near: top - 9, far: bottom + 12, sink: bottom + 26, feet: bottom + 44 };
}

function heldHeight(lane) {
  return lane.part === "transit" ? LINE + 6 : LINE + 4 + 34 + BETWEEN;
}

function inRows(picture, width, lines) {
  const x = 18;
  const w = width - 2 * x;
  const leftW = Math.floor(w * 0.4);
  let y = 22;
  const cards = picture.stations.map((station) => {
    const name = lines(station.name, leftW - 8);
    const right = { x: x + leftW + 8, y: y + 8, w: w - leftW - 16 };
    const stockH = picture.stock && hasStock(picture, station) ? 32 : 0;
    const lanes = lanesInRow(station, { ...right, y: right.y + stockH });
    const rightH = Math.max(...lanes.map((lane) => lane.end)) - right.y;
    const h = Math.max(name.length * 17 + station.crews.length * 50, rightH) + 16;
    const card = { x, y, w, h, inner: x + 8, innerW: leftW - 8, name, nameY: y + 8, stock: right, lanes };
    card.crews = station.crews.map((_, n) => ({ x: x + 8, y: y + 8 + name.length * 17 + n * 50, w: leftW - 8 }));
    y += h + GAP;
    return card;
  });
  const bottom = y - GAP;
  return { wide: false, width, height: bottom + 44, cards, near: x - 9, far: x + w + 7, sink: x + w + 14, feet: bottom + 38 };
}

// The queue's box, those of what is held beside it or below it, and then what is on the way.
function lanesInRow(station, { x, y, w }) {
  const held = station.dots.length - 1;
  const beside = w >= 200;
  const heldW = held && beside ? Math.min(w * 0.42, (w * 0.6) / held) - 8 : 0;
  const queueW = beside ? w - held * (heldW + 8) : w;
  let [nextX, nextY] = [x, y];
  return station.lanes.map((lane, n) => {
    if (lane.part === "transit") {
      const below = beside ? y + LINE + 4 + 44 + BETWEEN : nextY;
      return { textY: below, x, textW: w, box: { x, y: below, w, h: 0 }, end: below + LINE };
    }
    const own = n && beside ? { x: nextX, w: heldW, h: 44 } : { x, w: queueW, h: n ? 24 : 44 };
    const place = { textY: beside ? y : nextY, textW: own.w, x: own.x };
    place.box = { ...own, y: place.textY + LINE + 4 };
    place.end = place.box.y + own.h;
    nextX = own.x + own.w + 8;
    nextY = place.end + BETWEEN;
    return place;
  });
}

function hasStock(picture, station) {
  return station === picture.stations.find((one) => one.lanes.some((lane) => lane.part === "stock")) ||
    (!picture.stations.some((one) => one.lanes.some((lane) => lane.part === "stock")) &&
      station === picture.stations.find((one) => one.carries === "orders"));
}

function room(box, pitch = PITCH) {
  return Math.floor(box.w / pitch) * Math.floor(box.h / pitch);
}

// The way of a move as points; told along the pipeline (main) and across it, so that columns and rows share it.
function way(plan, picture, { origin, target }) {
  const point = plan.wide ? (main, across) => [main, across] : (main, across) => [across, main];
  const begin = (card) => (plan.wide ? card.x : card.y);
  const end = (card) => (plan.wide ? card.x + card.w : card.y + card.h);
  const into = (card) => (plan.wide ? card.lanes[0].box.y + 14 : card.lanes[0].box.x + card.lanes[0].box.w - 14);
  const outOf = (card) => (plan.wide ? card.lanes[0].box.y + card.lanes[0].box.h - 14 : card.lanes[0].box.x + 14);
  const from = plan.cards[origin];
  const beyond = goesOnTo(picture, origin, target);
  const to = plan.cards[beyond];
  if (origin === OUTSIDE) {
    const across = into(to);
    if (target === 0) return measured([point(begin(to) - GAP, across), point(begin(to), across)]);
    const gutter = begin(to) - GAP / 2 + 4;
    return measured([point(gutter, plan.near), point(gutter, across), point(begin(to), across)]);
  }
  const across = outOf(from);
  const after = end(from) + GAP / 2;
  if (to) {
    const before = begin(to) - GAP / 2;
    if (beyond === origin + 1)
      return measured([point(end(from), across), point(after, across), point(after, into(to)), point(begin(to), into(to))]);
    const rail = beyond > origin ? plan.far : plan.near;
    return measured([
      point(end(from), across), point(after, across), point(after, rail),
      point(before, rail), point(before, into(to)), point(begin(to), into(to)),
    ]);
  }
  if (target === DONE && origin === plan.cards.length - 1)
    return measured([point(end(from), across), point(end(from) + GAP, across)]);
  const middle = target === DONE ? after - 3 : (begin(from) + end(from)) / 2;
  const leaves = target === DONE ? [point(end(from), across), point(after - 3, across)] : [];
  const edge = plan.wide ? from.y + from.h : from.x + from.w;
  return measured([...leaves, point(middle, target === DONE ? across : edge), point(middle, plan.sink)]);
}

// The station at which a move ends: what is put in stock goes to where it is picked, documents to their goods.
function goesOnTo(picture, origin, target) {
  if (target === STOCKED && picture.stock) return picture.stations.findIndex((one) => hasStock(picture, one));
  if (target === DONE && picture.stations[origin]?.carries === "documents") return origin + 1;
  return target;
}

function measured(points) {
  const lengths = [0];
  for (let n = 1; n < points.length; n++)
    lengths.push(lengths[n - 1] + Math.hypot(points[n][0] - points[n - 1][0], points[n][1] - points[n - 1][1]));
  return { points, lengths, length: lengths.at(-1) };
}

// The point at a share of a way.
function along(way, share) {
  const wanted = Math.max(0, Math.min(share, 1)) * way.length;
  let n = 1;
  while (n < way.points.length - 1 && way.lengths[n] < wanted) n++;
  const part = (wanted - way.lengths[n - 1]) / Math.max(way.lengths[n] - way.lengths[n - 1], 1e-9);
  const [a, b] = [way.points[n - 1], way.points[n]];
  return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];
}

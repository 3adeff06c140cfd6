// The numbers of a picture as sim/ui/watching.py packs them, and what is asked of them at a moment.

const OUTSIDE = -1;
const DONE = -1;
const STOCKED = -2;
const LOST = -3;
const AT_WORK = -1;
const SELDOM = 0.2;
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];

async function inflated(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function rowsOf(planes, steps) {
  const size = planes.length / 4;
  const rows = [];
  for (let first = 0; first < size; first += steps) {
    const row = new Int32Array(steps);
    let level = 0;
    for (let k = 0; k < steps; k++) {
      const at = first + k;
      const change =
        planes[at] | (planes[at + size] << 8) | (planes[at + 2 * size] << 16) | (planes[at + 3 * size] << 24);
      level = (level + change) | 0;
      row[k] = level;
    }
    rows.push(row);
  }
  return rows;
}

async function opened(packed) {
  const rows = rowsOf(await inflated(packed.numbers), packed.steps);
  const next = () => rows.shift();
  const stations = packed.stations.map((station) => ({
    ...station,
    parts: station.lanes,
    lanes: station.lanes.map((part) => ({ part, items: next() })),
    atWork: next(),
    crews: station.crews.map((team) => ({ team, busy: next() })),
  }));
  const moves = packed.moves.map(([origin, target]) => ({ origin, target, soFar: next() }));
  const heads = packed.teams.map(next);
  const stock = packed.stock ? { free: next(), short: next() } : null;
  for (const station of stations) {
    for (const lane of station.lanes) lane.most = most(lane.items);
    station.lanes = station.lanes.filter((lane) => lane.part === "queueing" || lane.most > 0);
    station.dots = station.lanes.filter((lane) => lane.part !== "transit");
  }
  if (stock) stock.most = Math.max(1, most(stock.free));
  return { ...packed, stations, moves, heads, stock, allBusy: allBusy(packed.teams.length, stations, packed.steps) };
}

function most(numbers) {
  let found = 0;
  for (const number of numbers) if (number > found) found = number;
  return found;
}

// By team: people at work anywhere.
function allBusy(teams, stations, steps) {
  const sums = Array.from({ length: teams }, () => new Int32Array(steps));
  for (const { crews } of stations)
    for (const { team, busy } of crews) for (let k = 0; k < steps; k++) sums[team][k] += busy[k];
  return sums;
}

function stepAt(picture, t) {
  return Math.max(0, Math.min(Math.floor(t / picture.step_ms), picture.steps - 1));
}

function isClosed(picture, station, step) {
  const { crews } = station;
  return crews.length > 0 && crews.every(({ team, busy }) => !picture.heads[team][step] && !busy[step]);
}

function isOfParcels(station) {
  return station.carries !== "consignments" && station.carries !== "forms";
}

// How many parcels a dot stands for: so few that queues fit into their boxes for most of the time, and so many that all
// pictures together never show more than a number of dots. A queue that outgrows its box is shown as a number.
function parcelsPerDot(pictures, roomOf, mostDots) {
  const lanes = pictures.flatMap((picture, n) =>
    picture.stations.flatMap((station, s) =>
      isOfParcels(station) ? station.dots.map((lane) => ({ ...lane, room: roomOf(n, s, lane) })) : [],
    ),
  );
  const queues = lanes.filter((lane) => lane.part === "queueing");
  const fits = (size) => queues.every((lane) => outgrown(lane, size) <= SELDOM) && mostShown(lanes, size) <= mostDots;
  return SIZES.find(fits) ?? SIZES.at(-1);
}

// For which share of the run a queue does not fit into its box.
function outgrown({ items, room }, size) {
  let steps = 0;
  for (const count of items) if (count > room * size) steps++;
  return steps / items.length;
}

function mostShown(lanes, size) {
  let found = 0;
  const steps = Math.max(...lanes.map((lane) => lane.items.length));
  for (let k = 0; k < steps; k++) {
    let sum = 0;
    for (const { items, room } of lanes) if (items[k] <= room * size) sum += Math.ceil(items[k] / size);
    found = Math.max(found, sum);
  }
  return found;
}

// Calls back for each dot of a move that set out in (from, to], with when and its number; within a time step the
// parcels are spread evenly.
function eachGoing(picture, move, from, to, per, call) {
  const { step_ms: length, steps } = picture;
  for (let k = Math.max(1, Math.floor(from / length) + 1); k < steps && (k - 1) * length < to; k++) {
    const before = move.soFar[k - 1];
    const gone = move.soFar[k] - before;
    for (let dot = Math.floor(before / per) + 1; dot * per <= before + gone; dot++) {
      const at = (k - 1 + (dot * per - before - 0.5) / gone) * length;
      if (at > from && at <= to) call(at, dot);
    }
  }
}

// The whole run in a strip below the slider: a row for each station, who waits there, and when nobody is on shift. Names
// stand before their rows, or above them where that leaves too little for the rows.

const ROW = 15;
const FOOT = 18;
const LONGEST_NAME = 0.3; // of the width
const BEFORE = 8;

function namesBefore(picture, look, width) {
  const context = document.createElement("canvas").getContext("2d");
  context.font = `${SMALL}px ${look.font}`;
  const longest = Math.max(...picture.stations.map((station) => context.measureText(station.name).width));
  return longest + BEFORE > width * LONGEST_NAME ? 0 : Math.ceil(longest) + BEFORE;
}

function drawStrip(canvas, pictures, looks, width, names, span) {
  const rows = pictures[0].stations;
  const above = names ? 0 : ROW;
  const height = rows.length * (above + ROW);
  const context = sized(canvas, width, height + FOOT, Math.min(window.devicePixelRatio || 1, 2));
  const look = looks[0];
  context.clearRect(0, 0, width, height + FOOT);
  context.textBaseline = "middle";
  rows.forEach((station, row) => {
    const y = row * (above + ROW) + above;
    closedBands(context, pictures[0], station, look, names, width - names, y, span);
    pictures.forEach((picture, n) => queueLine(context, picture, row, looks[n], names, width - names, y, span, pictures));
  });
  days(context, pictures[0], look, names, width - names, height, span);
  rows.forEach((station, row) => {
    nameRow(context, station.name, look, names ? names - BEFORE : width, row * (above + ROW) + ROW / 2);
  });
}

// No line of a day runs through it.
function nameRow(context, name, look, width, middle) {
  context.font = `${SMALL}px ${look.font}`;
  context.fillStyle = look.muted;
  context.textAlign = "left";
  const text = shorter(context, name, width, look);
  context.clearRect(0, middle - ROW / 2, context.measureText(text).width + 4, ROW - 1);
  context.fillText(text, 0, middle);
}

function closedBands(context, picture, station, look, left, width, y, span) {
  context.fillStyle = look.closed;
  const columns = Math.floor(width);
  for (let x = 0; x < columns; x++)
    if (isClosed(picture, station, stepAt(picture, (x / columns) * span))) context.fillRect(left + x, y + 1, 1.2, ROW - 2);
}

// The most that wait within each pixel; one picture as an area, two as lines.
function queueLine(context, picture, row, look, left, width, y, span, pictures) {
  const items = (one) => one.stations[row]?.lanes[0];
  const highest = Math.max(1, ...pictures.map((one) => items(one)?.most ?? 0));
  const own = items(picture);
  if (!own) return;
  const columns = Math.floor(width);
  context.beginPath();
  context.moveTo(left, y + ROW - 1);
  for (let x = 0; x < columns; x++) {
    const from = stepAt(picture, (x / columns) * span);
    const to = Math.max(from + 1, stepAt(picture, ((x + 1) / columns) * span));
    let found = 0;
    for (let k = from; k < to; k++) found = Math.max(found, own.items[k]);
    context.lineTo(left + x, y + ROW - 1 - (found / highest) * (ROW - 2));
  }
  if (pictures.length === 1) {
    context.lineTo(left + columns, y + ROW - 1);
    context.fillStyle = look.accent;
    context.fill();
  } else {
    context.strokeStyle = look.accent;
    context.lineWidth = 1;
    context.stroke();
  }
}

function days(context, picture, look, left, width, y, span) {
  const start = new Date(`${picture.start}Z`);
  const whole = span / 86_400_000;
  const each = [1, 2, 7, 14, 28].find((days) => (width / whole) * days >= 58) ?? 56;
  const first = (86_400_000 - (start.getTime() % 86_400_000)) % 86_400_000;
  context.textAlign = "left";
  context.font = `${SMALL}px ${look.font}`;
  for (let day = 0; first + day * 86_400_000 < span; day++) {
    const at = first + day * 86_400_000;
    const x = left + (at / span) * width;
    context.fillStyle = look.grid;
    context.fillRect(x, 0, 1, day % each ? y : y + 5);
    if (day % each || x > left + width - 30) continue;
    const date = new Date(start.getTime() + at);
    context.fillStyle = look.muted;
    context.fillText(`${date.getUTCDate()} ${look.words.months.split(",")[date.getUTCMonth()]}`, x + 3, y + FOOT / 2 + 1);
  }
}

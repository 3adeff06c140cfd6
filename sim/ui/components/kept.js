// Keeps one text in the browser's own storage. The page says what to keep; what is there already is told to the page when
// it opens, and when another window has changed it. Nothing is shown, and nothing leaves the browser but to the page.
const NAME = "importflow.kept";
const MOST_LETTERS = 500_000;

function stored() {
  try {
    const text = window.localStorage.getItem(NAME) ?? "[]";
    return text.length <= MOST_LETTERS ? text : "[]";
  } catch {
    return "[]"; // storage is switched off: runs are kept for as long as the page is open
  }
}

function store(text) {
  try {
    window.localStorage.setItem(NAME, text);
  } catch {
    // switched off, or full
  }
}

export default function ({ data, setStateValue }) {
  const tell = () => {
    if (stored() !== (data.text ?? "[]")) setStateValue("stored", stored());
  };
  const changed = (event) => {
    if (event.key === NAME) tell();
  };
  if (data.text !== null && window.__importflowKept !== data.version) {
    window.__importflowKept = data.version;
    store(data.text);
  } else {
    tell();
  }
  window.addEventListener("storage", changed);
  return () => window.removeEventListener("storage", changed);
}

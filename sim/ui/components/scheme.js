// Tells the page when the browser's scheme becomes light or dark while it is open, for the colours of charts are chosen there.
// Streamlit paints its own parts anew by itself, and says nothing.
export default function ({ setTriggerValue }) {
  const app = document.querySelector("[data-testid=stApp]");
  if (!app) return () => {};
  const scheme = () => getComputedStyle(app).colorScheme;
  const look = () => {
    const before = window.__importflowScheme;
    window.__importflowScheme = scheme();
    if (before && before !== window.__importflowScheme) setTriggerValue("turned", window.__importflowScheme);
  };
  const painted = new MutationObserver(look);
  painted.observe(app, { attributes: true, attributeFilter: ["class"] });
  look();
  return () => painted.disconnect();
}

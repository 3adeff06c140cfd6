// Opens the sidebar, or closes it where it lies over the page, once for each time the page asks; then what the page has
// opened is brought into sight.
function press(testId) {
  const place = document.querySelector(`[data-testid=${testId}]`);
  (place?.querySelector("button") ?? place)?.click();
}

function isOpen() {
  return document.querySelector("[data-testid=stSidebar]")?.dataset.collapsed === "false";
}

function liesOver() {
  const [sidebar, page] = ["stSidebar", "stMain"].map((testId) => document.querySelector(`[data-testid=${testId}]`));
  return isOpen() && sidebar.getBoundingClientRect().right > page.getBoundingClientRect().left + 1;
}

export default function ({ data }) {
  if (!data.times || window.__importflowSidebar === data.times) return;
  window.__importflowSidebar = data.times;
  if (data.open && !isOpen()) press("stExpandSidebarButton");
  if (!data.open && liesOver()) press("stSidebarCollapseButton");
  if (data.show) document.querySelector(`.st-key-${data.show}`)?.scrollIntoView({ block: "nearest" });
}

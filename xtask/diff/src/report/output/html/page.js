const form = document.querySelector(".filters");
if (form) {
  form.hidden = false;
  const changes = [...document.querySelectorAll(".change")];
  const texts = new Map(changes.map((change) => [change, change.textContent.toLowerCase()]));
  const operations = [...document.querySelectorAll(".operation")];
  const apply = () => {
    const data = new FormData(form);
    const levels = new Set(data.getAll("level"));
    const direction = data.get("direction");
    const text = data.get("text").trim().toLowerCase();
    let shown = 0;
    for (const change of changes) {
      const fits = levels.has(change.dataset.level)
        && (!direction || change.dataset.directions.split(" ").includes(direction))
        && (!text || texts.get(change).includes(text));
      change.hidden = !fits;
      shown += fits;
    }
    for (const operation of operations) {
      let any = false;
      for (const link of operation.querySelectorAll("a")) {
        const target = document.getElementById(link.hash.slice(1));
        const fits = !target || !target.hidden;
        link.parentElement.hidden = !fits;
        any ||= fits;
      }
      operation.hidden = !any;
    }
    for (const title of document.querySelectorAll(".group h3")) {
      let next = title.nextElementSibling;
      let any = false;
      for (; next && next.matches(".change"); next = next.nextElementSibling) any ||= !next.hidden;
      title.hidden = !any;
    }
    form.querySelector("output").textContent = `${shown} of ${changes.length} shown`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
}
const open = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.matches("details")) target.open = true;
};
addEventListener("hashchange", open);
open();

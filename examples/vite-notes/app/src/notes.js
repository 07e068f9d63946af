const KEY = "notes";
const list = document.querySelector("ul");
const form = document.querySelector("form");
const read = () => JSON.parse(localStorage.getItem(KEY) ?? "[]");

function show() {
  list.replaceChildren(
    ...read().map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }),
  );
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = form.elements.note.value.trim();
  if (text !== "") localStorage.setItem(KEY, JSON.stringify([...read(), text]));
  form.reset();
  show();
});

show();

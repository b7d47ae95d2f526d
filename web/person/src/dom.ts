// SPDX-License-Identifier: GPL-3.0-or-later

/* Elements, without a framework: h("p", {class: "hint"}, "text", other). Text is only ever text. */

type Child = Node | string | undefined | false;
type Props = Record<string, string | boolean | ((event: Event) => void) | undefined>;

export function h<K extends keyof HTMLElementTagNameMap>(name: K, props: Props = {}, ...children: Child[]):
HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (typeof value === "function")
      element.addEventListener(key, value);
    else if (value === true)
      element.setAttribute(key, "");
    else if (typeof value === "string")
      element.setAttribute(key, value);
  }
  element.append(...children.filter((child): child is Node | string => child !== undefined && child !== false));
  return element;
}

export function button(label: string, press: () => void, kind = ""): HTMLButtonElement {
  return h("button", { type: "button", class: kind, click: press }, label);
}

/* Nothing that is typed here may stay in the browser's memory of forms. */
const forgetful = { autocomplete: "off", autocapitalize: "none", autocorrect: "off", spellcheck: "false" };

export function area(label: string, value: string, rows: number): [HTMLElement, HTMLTextAreaElement] {
  const field = h("textarea", { ...forgetful, rows: String(rows), dir: "auto" });
  field.value = value;
  return [h("label", {}, h("span", {}, label), field), field];
}

export function line(label: string, value = "", type = "text"): [HTMLElement, HTMLInputElement] {
  const field = h("input", { ...forgetful, type, dir: "auto" });
  field.value = value;
  return [h("label", {}, h("span", {}, label), field), field];
}

export function choice(type: "radio" | "checkbox", name: string, label: string, on: boolean):
[HTMLElement, HTMLInputElement] {
  const field = h("input", { type, name, autocomplete: "off" });
  field.checked = on;
  return [h("label", { class: "choice" }, field, h("span", {}, label)), field];
}

/* Shows a screen: the heading gets the focus, so that a screen reader begins there. */
export function show(...children: Child[]): void {
  const main = document.querySelector("main")!;
  main.replaceChildren(h("div", { class: "screen" }, ...children));
  const heading = main.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

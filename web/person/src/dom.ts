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

/*
 * Somebody else's text: what could play tricks on who reads it is shown by its number (base/text.h has the same
 * ranges).
 */
export function shown(text: string): string {
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u206a-\u206f\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu,
    (c) => `<U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}>`);
}

/* Nothing that is typed here may stay in the browser's memory of forms, or go to whoever corrects spelling. */
const forgetful = { autocomplete: "off", autocapitalize: "none", autocorrect: "off", spellcheck: "false", writingsuggestions: "false" };

/* most: characters, of which each takes three bytes at most where it counts. */
export function area(label: string, value: string, rows: number, most?: number): [HTMLElement, HTMLTextAreaElement] {
  const field = h("textarea", { ...forgetful, rows: String(rows), dir: "auto", maxlength: most?.toString() });
  field.value = value;
  return [h("label", {}, h("span", {}, label), field), field];
}

export function line(label: string, value = "", type = "text", most?: number): [HTMLElement, HTMLInputElement] {
  const field = h("input", { ...forgetful, type, dir: "auto", maxlength: most?.toString() });
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

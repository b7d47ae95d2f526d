// SPDX-License-Identifier: GPL-3.0-or-later
import { catalogues } from "catalogues"; /* made of po/*.po by build.mjs */

/* What the page says, in the language chosen. English is the key; nothing of it is kept or asked for over the line. */

let current = "en";

let all = false;

/* Whether the operator offers languages, too, that no native speaker reviewed. */
export function offer(unreviewed: boolean): void {
  all = unreviewed;
}

export function languages(): { tag: string; name: string; reviewed: boolean }[] {
  return Object.entries(catalogues).map(([tag, { name, reviewed }]) => ({ tag, name, reviewed }))
    .filter(({ tag, reviewed }) => all || reviewed || tag === "en");
}

export function t(english: string, values: Record<string, string | number> = {}): string {
  const said = catalogues[current]?.messages[english] || english;
  return said.replace(/\{(\w+)\}/g, (whole, key: string) => key in values ? String(values[key]) : whole);
}

export function language(): string {
  return current;
}

export function setLanguage(tag: string): void {
  current = tag;
  document.documentElement.lang = tag;
  document.documentElement.dir = tag === "ar" ? "rtl" : "ltr";
}

/* The first of the browser's languages that the page speaks. */
export function chooseLanguage(): void {
  const wanted = navigator.languages.map((tag) => tag.split("-")[0]!);
  setLanguage(wanted.find((tag) => languages().some((known) => known.tag === tag)) ?? "en");
}

/* An hour since 1970, in the reader's own time. */
export function hourText(hour: number): string {
  return new Intl.DateTimeFormat(current, { dateStyle: "medium", timeStyle: "short" }).format(hour * 3_600_000);
}

export function dayText(day: number): string {
  return new Intl.DateTimeFormat(current, { dateStyle: "medium", timeZone: "UTC" }).format(day * 86_400_000);
}

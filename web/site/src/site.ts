// SPDX-License-Identifier: GPL-3.0-or-later

/*
 * What makes a page a little handier, and is never needed: copying, printing, and a mail link that carries the text
 * as it was changed. Nothing leaves the page.
 */

document.documentElement.classList.add("script");

type Field = HTMLTextAreaElement | HTMLInputElement;

async function copy(field: Field): Promise<void> {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    /* Not a secure context, as an onion's page is none: the old way. */
    document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll<HTMLElement>("[data-copy]"))
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset["copy"]!);
    if (field)
      void copy(field as Field);
  });

const letter = document.getElementById("letter") as HTMLTextAreaElement | null;
const subject = document.getElementById("subject") as HTMLInputElement | null;
const printed = document.getElementById("letter-print");

/* The letter as it stands now; a salutation that was not changed is each recipient's own. */
function mailLinks(): void {
  const mails = [...document.querySelectorAll<HTMLAnchorElement>("a.mail")];
  const first = mails[0]?.dataset["salutation"] ?? "";
  for (const mail of mails) {
    const own = mail.dataset["salutation"] ?? "";
    const text = first !== "" && letter!.value.startsWith(first) ? own + letter!.value.slice(first.length) : letter!.value;
    mail.href = `mailto:${mail.dataset["to"]}?subject=${encodeURIComponent(subject!.value)}` +
      `&body=${encodeURIComponent(text.replace(/\r?\n/g, "\r\n"))}`;
  }
  printed!.textContent = letter!.value;
}

if (letter && subject && printed)
  for (const field of [letter, subject])
    field.addEventListener("input", mailLinks);

document.querySelector("[data-print]")?.addEventListener("click", () => {
  document.documentElement.classList.add("letter-print");
  window.print();
  document.documentElement.classList.remove("letter-print");
});

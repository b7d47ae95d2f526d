// SPDX-License-Identifier: GPL-3.0-or-later
import { button, choice, h } from "./dom.js";
import { t } from "./messages.js";
import type { Story } from "./state.js";
import { strip } from "./strip.js";

/*
 * Pictures are drawn anew, smaller: what a camera wrote into them (place, time, device) does not come along. Where a
 * browser does not give back what was drawn, they are taken apart instead (strip.ts). Other files cannot be cleaned here, and
 * that is said.
 */

const LONGEST_SIDE = 2048;
const QUALITY = 0.85;
const MOST_BYTES = 52_428_800;

export interface Attached { name: string; bytes: Blob; type: string; cleaned: boolean; cleanable: boolean; original: File }

/* A browser that hides who its user is gives back noise, or white, for what was drawn. */
function givesBack(): boolean {
  const canvas = h("canvas");
  const colours = [250, 3, 121, 255, 7, 200, 64, 255];
  canvas.width = colours.length / 4;
  canvas.height = 1;
  const context = canvas.getContext("2d")!;
  context.putImageData(new ImageData(new Uint8ClampedArray(colours), canvas.width, 1), 0, 0);
  return context.getImageData(0, 0, canvas.width, 1).data.every((value, i) => value === colours[i]);
}

async function redraw(file: File): Promise<Blob | undefined> {
  try {
    if (!givesBack())
      return undefined;
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = h("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const context = canvas.getContext("2d")!;
    /* What one could see through is white on paper, not black. */
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    /* Browsers write some of their own into it. */
    return drawn ? strip(new Uint8Array(await drawn.arrayBuffer())) : undefined;
  } catch {
    return undefined;
  }
}

/* A media type that the desk takes; nothing of the name goes along. */
function typeOf(file: File): string {
  return /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(file.type) ? file.type : "application/octet-stream";
}

async function clean(file: File): Promise<Blob | undefined> {
  if (!file.type.startsWith("image/"))
    return undefined;
  try {
    return await redraw(file) ?? strip(new Uint8Array(await file.arrayBuffer()));
  } catch {
    return undefined; /* it cannot be read */
  }
}

async function take(file: File): Promise<Attached> {
  const cleaned = await clean(file);
  return { name: file.name, bytes: cleaned ?? file, type: cleaned?.type ?? typeOf(file), cleaned: cleaned !== undefined,
    cleanable: cleaned !== undefined, original: file };
}

function row(attached: Attached, again: () => void, remove: () => void): HTMLElement {
  const [box, field] = choice("checkbox", "original", t("Send the original instead. It can show where and when it was made, and with which device."),
    !attached.cleaned);

  field.addEventListener("change", () => {
    if (!field.checked)
      return void clean(attached.original).then((bytes) => {
        if (bytes)
          Object.assign(attached, { bytes, type: bytes.type, cleaned: true });
        again();
      });
    Object.assign(attached, { bytes: attached.original, type: typeOf(attached.original), cleaned: false });
    again();
  });
  return h("div", { class: "message" },
    h("span", { class: "when" }, `${Math.ceil(attached.bytes.size / 1024)} KB`), h("span", { dir: "auto" }, attached.name),
    attached.bytes.size > MOST_BYTES && h("p", {}, t("This file is larger than 50 MB and cannot be sent.")),
    attached.cleanable
      ? box : h("p", {}, t("A file of this kind cannot be cleaned here. It may name who made it, and where.")),
    button(t("Take it out"), remove, "quiet"));
}

export function fileList(story: Story): HTMLElement {
  const rows = h("div");
  const input = h("input", { type: "file", multiple: true, autocomplete: "off" });
  const files = () => (story.draft.files ??= []) as Attached[];
  const draw = () => rows.replaceChildren(...files().map((file) => row(file, draw, () => {
    story.draft.files = files().filter((other) => other !== file);
    draw();
  })));

  input.addEventListener("change", async () => {
    for (const file of input.files ?? [])
      files().push(await take(file));
    input.value = "";
    draw();
  });
  draw();
  return h("div", {},
    h("p", { class: "hint" }, t("Pictures are made smaller, and what the camera wrote into them is taken out. Please send no pictures of other people's faces or papers unless we asked.")),
    h("label", {}, h("span", {}, t("Choose a picture or a file")), input), rows);
}

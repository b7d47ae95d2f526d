// SPDX-License-Identifier: GPL-3.0-or-later
//
// Debian's Chromium and Firefox, which is the base of Tor Browser, driven alike.
import puppeteer from "puppeteer-core";

const launch = {
  chromium: (more) => ({
    browser: "chrome", executablePath: "/usr/bin/chromium", headless: true, ...more,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
      ...(more.args ?? [])],
  }),
  firefox: (more) => ({
    browser: "firefox", executablePath: "/usr/bin/firefox-esr", headless: true, ...more,
    extraPrefsFirefox: { "network.captive-portal-service.enabled": false, "network.connectivity-service.enabled": false,
      "app.update.enabled": false, "browser.safebrowsing.downloads.enabled": false, ...(more.extraPrefsFirefox ?? {}) },
  }),
};

export const browsers = Object.keys(launch);

export function open(name, more = {}) {
  return puppeteer.launch(launch[name](more));
}

/* Presses the button with that label, once it is there. */
export async function press(page, label) {
  const found = await page.waitForFunction((text) =>
    [...document.querySelectorAll("main button")].find((button) => button.textContent === text), { timeout: 30000 }, label);
  await found.asElement().click();
}

export async function heading(page, text) {
  await page.waitForFunction((wanted) => document.querySelector("h1")?.textContent === wanted, { timeout: 60000 }, text);
}

export async function fill(page, selector, text) {
  await page.waitForSelector(selector);
  await page.$eval(selector, (field, value) => {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }, text);
}

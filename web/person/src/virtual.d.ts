// SPDX-License-Identifier: GPL-3.0-or-later
/* What build.mjs makes. */
declare module "catalogues" {
  export const catalogues: Record<string, { name: string; reviewed: boolean; messages: Record<string, string> }>;
}
declare module "parts" {
  export const workerSource: string;
  export function coreBytes(base: string): Promise<ArrayBuffer>;
}

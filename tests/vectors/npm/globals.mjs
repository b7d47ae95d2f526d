// SPDX-License-Identifier: GPL-3.0-or-later
// Node 18 keeps Web Crypto in a module; the libraries look for the global. To be imported first.
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto;

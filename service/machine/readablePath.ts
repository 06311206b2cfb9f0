import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, isAbsolute, join, normalize, relative } from 'node:path';

import { stateDirectory } from '../util/directories.ts';
import { ReeveError } from '../util/errors.ts';
import { safeText } from '../text/sanitise.ts';
import { isAbsence, isNoName } from './machine.ts';
import type { Machine } from './machine.ts';

/** Below the home folder: keys, passwords, mail, what browsers keep, histories of commands. */
const secretInHome =
    /^(?:\.ssh|\.gnupg|\.pki|\.password-store|\.aws|\.azure|\.kube|\.docker|\.netrc|\.pgpass|\.my\.cnf|\.git-credentials|\.npmrc|\.pypirc|\.vault-token|\.terraform\.d|\.m2\/settings(?:-security)?\.xml|\.[\w.-]*history|\.mozilla|\.thunderbird|\.electrum|\.bitcoin|\.local\/share\/(?:keyrings|kwalletd|remmina|evolution|gnupg|gopass)|\.config\/(?:google-chrome|chromium|BraveSoftware|microsoft-edge|vivaldi|opera|gh|hub|goa-1\.0|evolution|gcloud|rclone|sops|op|doctl|hcloud|filezilla|remmina|containers\/auth\.json|Signal|Bitwarden|1Password|keepassxc)|\.cache\/(?:mozilla|google-chrome|chromium|evolution)|\.var\/app\/[^/]+\/(?:\.mozilla|config\/(?:google-chrome|chromium|BraveSoftware)))(?:\/|$)/;

/**
 * Anywhere: of the system, of processes, of devices. Most are root's alone; a file that is readable by mistake stays
 * off limits too.
 */
const secretAnywhere =
    /^(?:\/etc\/(?:g?shadow-?|sudoers(?:\.d)?|ssl\/private|wireguard|openvpn|NetworkManager\/system-connections|wpa_supplicant|krb5\.keytab|security\/opasswd|letsencrypt|cups\/ssl)|\/run\/(?:secrets|credentials|user\/\d+\/(?:keyring|gnupg|credentials))|\/var\/lib\/(?:fprint|AccountsService\/users|sss|samba\/private|NetworkManager\/secret_key|systemd\/credential\.secret)|\/proc\/(?:kcore|kallsyms|\d+|self|thread-self)|\/dev|\/sys\/firmware\/efi\/efivars)(?:\/|$)/;

/** By name, wherever they are. */
const secretName =
    /(?:^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$|\.(?:pem|key|p12|pfx|kdbx?|keystore|jks|gpg|asc|age|ovpn|ppk|keytab)$|^\.env(?:\.|$)|^(?:credentials|secrets?|passwords?|tokens?)(?:\.\w+)?$|wallet\.dat$|^(?:cookies|logins|key[34])\.(?:sqlite|json|db)$|^\.?htpasswd$)/i;

/** Whether a file must stay hidden from models, by its path and name. */
export function isSecretPath(path: string): boolean {
    const below = relative(homedir(), path);
    const inHome = !below.startsWith('..') && !isAbsolute(below);
    const own = relative(stateDirectory(), path);
    if (!own.startsWith('..') && !isAbsolute(own)) return true;
    return secretAnywhere.test(path) || secretName.test(basename(path)) || (inHome && secretInHome.test(below));
}

/**
 * The place that a path leads to, links followed, if it may be read. "~" is the home folder.
 *
 * @throws ReeveError InvalidArgument for a path that is not absolute; NotAuthorized for a path that may contain secrets; NotFound
 */
export async function readablePath(machine: Machine, given: string): Promise<string> {
    const path = normalize(given.replace(/^~(?=\/|$)/, homedir()));
    const shown = safeText(given, 200);
    if (!isAbsolute(path) || path.includes('\0'))
        throw new ReeveError('InvalidArgument', `${shown} is not an absolute path`);
    let real: string;
    try {
        real = await realpath(join(machine.root, path));
    } catch (error) {
        if (isAbsence(error) || isNoName(error))
            throw new ReeveError('NotFound', `${shown} does not exist, or may not be read`);
        throw error;
    }
    const place = machine.root === '/' ? real : `/${relative(machine.root, real)}`;
    if (isSecretPath(place) || isSecretPath(path))
        throw new ReeveError('NotAuthorized', `${shown} may contain secrets, so it is not read`);
    return place;
}

// A NixOS as the tools and actions see it: files in a folder, and what its programs print.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { Machine } from '../../service/machine/machine.ts';

/** As nixos-generate-config(8) writes it, shortened. */
export const generated = `# Edit this configuration file to define what should be installed on
# your system.  Help is available in the configuration.nix(5) man page
{ config, pkgs, ... }:

{
  imports =
    [ # Include the results of the hardware scan.
      ./hardware-configuration.nix
    ];

  boot.loader.systemd-boot.enable = true;
  networking.hostName = "nixos"; # Define your hostname.

  services.xserver = {
    enable = true;
    xkb.layout = "us";
  };

  # List packages installed in system profile. To search, run:
  # $ nix search wget
  environment.systemPackages = with pkgs; [
  #  vim # Do not forget to add an editor to edit configuration.nix!
    wget
  ];

  services.openssh.enable = false;

  system.stateVersion = "25.11"; # Did you read the comment?
}
`;

/** As nixos-render-docs of nixpkgs writes configuration.nix(5), three options of it. */
const manualPage = String.raw`.TH "CONFIGURATION\&.NIX" "5" "01/01/1980" "NixOS" "NixOS Reference Pages"
.SH "OPTIONS"
.PP
You can use the following options in
\fIconfiguration\&.nix\fP\&.
.PP
\fBservices\&.openssh\&.enable\fR
.RS 4
Whether to enable the OpenSSH secure shell daemon, which
allows secure remote logins\&.
.sp
\fIType:\fR boolean
.sp
\fIDefault:\fR false
.sp
\fIExample:\fR true
.sp
\fIDeclared by:\fP
.RS 4
\fB<nixpkgs/nixos/modules/services/networking/ssh/sshd\&.nix>\fP
.RE
.RE
.PP
\fBservices\&.openssh\&.settings\&.PermitRootLogin\fR
.RS 4
Whether the root user can login using ssh\&.
.sp
\fIType:\fR null or one of \(dqyes\(dq, \(dqno\(dq
.sp
\fIDefault:\fR \(dqno\(dq
.RE
.PP
\fBzramSwap\&.memoryPercent\fR
.RS 4
Maximum total amount of memory that can be stored in the zram swap devices, for a firewall\&.
.sp
\fIType:\fR signed integer
.sp
\fIDefault:\fR 50
.RE
.PP
\fBenvironment\&.extraInit\fR
.RS 4
Shell script code called during global environment initialisation\&.
.sp
\fIType:\fR strings concatenated with \(dq\en\(dq
.RE
.SH "AUTHORS"
`;

export type FakeNixos = Disposable & { machine: Machine; ran: string[] };

/** @param programs what is printed, by the program's name or the whole command */
export function fakeNixos({
    configuration = generated,
    programs = {},
}: { configuration?: string; programs?: Readonly<Record<string, string>> } = {}): FakeNixos {
    const root = mkdtempSync(join(tmpdir(), 'reeve-nixos-'));
    const write = (path: string, content: string | Uint8Array) => {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), content);
        // Whatever the umask of who runs the specs leaves.
        for (let at = path; at !== '/'; at = dirname(at)) chmodSync(join(root, at), at === path ? 0o644 : 0o755);
    };
    write('/etc/NIXOS', '');
    write('/etc/nixos/configuration.nix', configuration);
    write('/etc/nixos/hardware-configuration.nix', '{ ... }: { }\n');
    for (const number of [41, 42]) write(`/nix/var/nix/profiles/system-${number}-link/nixos-version`, '25.11.20251120');
    symlinkSync('system-42-link', join(root, '/nix/var/nix/profiles/system'));
    write('/run/current-system/sw/share/man/man5/configuration.nix.5.gz', gzipSync(manualPage));
    const ran: string[] = [];
    const machine: Machine = {
        root,
        system: null,
        session: null,
        run: (program, argv) => {
            const command = [program, ...argv].join(' ');
            ran.push(command);
            return Promise.resolve(programs[command] ?? programs[program] ?? null);
        },
    };
    return {
        machine,
        ran,
        [Symbol.dispose]: () => {
            rmSync(root, { recursive: true });
        },
    };
}

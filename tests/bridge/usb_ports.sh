#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Give one command a machine with other USB serial ports, in a mount namespace of its own:
#   unshare -m bash usb_ports.sh BOARDS COMMAND...
# BOARDS boards of Digilent and one other FT2232H, two ports each, and a CP2102. Ports: ttyUSB0 and 1 the first board ...
set -e
mount --make-rprivate /
boards=$1
shift
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/bus/usb-serial" "$root/bus/usb" "$root/class"
port=0

device() { # name, vendor, product, serial number, maker, what it is, interfaces
    local usb=$root/usb1/$1
    mkdir -p "$usb"
    echo "$2" >"$usb/idVendor"
    echo "$3" >"$usb/idProduct"
    echo "$4" >"$usb/serial"
    echo "$5" >"$usb/manufacturer"
    echo "$6" >"$usb/product"
    echo " $7" >"$usb/bNumInterfaces"
    local each
    for ((each = 0; each < $7; each++)); do
        local interface=$usb/$1:1.$each tty=ttyUSB$port
        mkdir -p "$interface/$tty" "$root/class/$tty"
        ln -s "$root/bus/usb-serial" "$interface/$tty/subsystem"
        ln -s "$root/bus/usb" "$interface/subsystem"
        ln -s "$interface/$tty" "$root/class/$tty/device"
        port=$((port + 1))
    done
}

for ((n = 0; n < boards; n++)); do
    device "1-$((n + 1))" 0403 6010 "210328AB000$n" Digilent "Digilent USB Device" 2
done
device 1-8 0403 6010 FT1234 FTDI "Dual RS232-HS" 2
device 1-9 10c4 ea60 0001 Silabs CP2102 1

mount --bind "$root/class" /sys/class/tty
mount -t tmpfs none /mnt
mkdir /mnt/pts
mount --rbind /dev/pts /mnt/pts
for node in null zero urandom tty shm fd; do cp -a "/dev/$node" "/mnt/$node" 2>/dev/null || true; done
for ((n = 0; n < port; n++)); do touch "/mnt/ttyUSB$n"; done
[ -z "$BOARD_PTY" ] || mount --bind "$BOARD_PTY" /mnt/ttyUSB1
mount --rbind /mnt /dev
"$@"

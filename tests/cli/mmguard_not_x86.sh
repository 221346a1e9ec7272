# SPDX-License-Identifier: MIT
# An ELF file for another machine: byte 18 is e_machine.
cp /bin/true p && printf '\267' | dd of=p bs=1 seek=18 conv=notrunc 2>/dev/null
mmguard ./p

# SPDX-License-Identifier: MIT
printf "one\ntwo\n" | mmguard cat

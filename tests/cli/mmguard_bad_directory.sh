# SPDX-License-Identifier: MIT
mmguard -o nothing true
touch file
mmguard -o file true
mmguard -o

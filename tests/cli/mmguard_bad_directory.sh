# SPDX-License-Identifier: MIT
mmguard -o nothing/there true
touch file
mmguard -o file true
mmguard -o

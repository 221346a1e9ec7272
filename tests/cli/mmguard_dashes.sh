# SPDX-License-Identifier: MIT
# What follows the program is the program's, and -- ends the options.
mmguard -- echo --help -o x
mmguard echo -- --version

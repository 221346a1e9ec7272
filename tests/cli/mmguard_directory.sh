# SPDX-License-Identifier: MIT
mkdir folder
mmguard ./folder

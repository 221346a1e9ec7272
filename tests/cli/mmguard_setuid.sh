# SPDX-License-Identifier: MIT
cp /bin/true p && chmod u+s p
mmguard ./p

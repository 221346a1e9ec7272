# SPDX-License-Identifier: MIT
printf "#!/no/such/shell\n" >a
printf "#!/usr/bin/env no-such-program\n" >b
chmod +x a b
mmguard ./a
mmguard ./b

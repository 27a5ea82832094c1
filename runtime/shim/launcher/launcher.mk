# The launcher as a program without libraries, and as bytes inside webnovad.
LAUNCHER_SRC := runtime/shim/launcher/main.c runtime/shim/launch.c
$(B)/launcher: $(LAUNCHER_SRC) runtime/shim/launch.h
	@mkdir -p $(@D)
	$(Q)$(CC) -I. -D_GNU_SOURCE -std=c11 $(WARN) -Os -ffreestanding -fno-builtin \
		-fno-stack-protector -fno-pie -static -nostdlib -s -o $@ $(LAUNCHER_SRC)
$(B)/obj/sandbox_launcher.o: $(B)/launcher
	@mkdir -p $(@D)
	$(Q)printf '%s\n' '.section .rodata' '.globl sandbox_launcher, sandbox_launcher_end' '.balign 64' 'sandbox_launcher:' \
		'.incbin "$(B)/launcher"' 'sandbox_launcher_end:' '.section .note.GNU-stack,"",%progbits' | $(CC) -c -x assembler -o $@ -

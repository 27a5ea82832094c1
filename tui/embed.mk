# Data files carried inside the program (see tui/embed.sh), and what the screen tests need.
TUI_EMBED := $(B)/tui_embed/data
$(TUI_EMBED).c: tui/embed.sh tui/term/terminfo.src $(wildcard themes/*.json tui/keymap/*.json)
	@mkdir -p $(@D)
	$(Q)sh tui/embed.sh $@ $(@D)/work
$(TUI_EMBED).o: $(TUI_EMBED).c tui/embed.h
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@ $<
$(B)/libtui.a: $(TUI_EMBED).o
# The golden screens drive the real program.
$(filter $(B)/tests/tui/%,$(UNIT_BIN)): | $(B)/webnova

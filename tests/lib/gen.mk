# Compiles what the contract compiler wrote; called by the Makefile once it has run.
GEN_OBJ := $(patsubst $(B)/gen/%.c,$(B)/obj/gen/%.o,$(wildcard $(B)/gen/*.c))
$(B)/libgen.a: $(GEN_OBJ)
	$(Q)rm -f $@ && $(AR) rcs $@ $^
$(B)/obj/gen/%.o: $(B)/gen/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<
-include $(wildcard $(B)/obj/gen/*.d)

# The generator library and its embedded packs. $(B)/libcodegen.a stands on base alone.
CODEGEN_SRC  := $(wildcard ai/codegen/*.c)
CODEGEN_PACK := $(shell find ai/codegen/pack -type f)
$(B)/gen-pack/codegen_pack.c: ai/codegen/embed.sh $(CODEGEN_PACK)
	@mkdir -p $(@D)
	$(Q)sh ai/codegen/embed.sh ai/codegen/pack > $@.tmp && mv $@.tmp $@
$(B)/obj/codegen_pack.o: $(B)/gen-pack/codegen_pack.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@ $<
$(B)/libcodegen.a: $(call obj,$(CODEGEN_SRC)) $(B)/obj/codegen_pack.o
# The generator alone: codegen BLUEPRINT DIRECTORY
$(B)/codegen: $(B)/obj/tests/tools/codegen_main.o $(B)/libcodegen.a $(B)/libbase.a
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(BASE_LIBS)

# Grammars: each pinned npm package is compiled to $(B)/grammars/<language>.so, loaded when first
# needed. One row a language: name=directory of its src/. Our queries are copied beside them.

GRAMMARS := \
	bash=tree-sitter-bash \
	c=tree-sitter-c \
	c_sharp=tree-sitter-c-sharp \
	cpp=tree-sitter-cpp \
	css=tree-sitter-css \
	dart=tree-sitter-dart \
	dtd=@tree-sitter-grammars/tree-sitter-xml/dtd \
	elixir=tree-sitter-elixir \
	embedded_template=tree-sitter-embedded-template \
	go=tree-sitter-go \
	hcl=@tree-sitter-grammars/tree-sitter-hcl \
	html=tree-sitter-html \
	java=tree-sitter-java \
	javascript=tree-sitter-javascript \
	jsdoc=tree-sitter-jsdoc \
	json=tree-sitter-json \
	kotlin=@tree-sitter-grammars/tree-sitter-kotlin \
	lua=@tree-sitter-grammars/tree-sitter-lua \
	make=tree-sitter-make \
	markdown=@tree-sitter-grammars/tree-sitter-markdown/tree-sitter-markdown \
	markdown_inline=@tree-sitter-grammars/tree-sitter-markdown/tree-sitter-markdown-inline \
	php=tree-sitter-php/php \
	python=tree-sitter-python \
	regex=tree-sitter-regex \
	ruby=tree-sitter-ruby \
	rust=tree-sitter-rust \
	scss=tree-sitter-scss \
	sql=@derekstride/tree-sitter-sql \
	svelte=@tree-sitter-grammars/tree-sitter-svelte \
	toml=@tree-sitter-grammars/tree-sitter-toml \
	tsx=tree-sitter-typescript/tsx \
	typescript=tree-sitter-typescript/typescript \
	xml=@tree-sitter-grammars/tree-sitter-xml/xml \
	yaml=@tree-sitter-grammars/tree-sitter-yaml \
	zig=@tree-sitter-grammars/tree-sitter-zig

GRAMMAR_SO  := $(foreach g,$(GRAMMARS),$(B)/grammars/$(firstword $(subst =, ,$(g))).so)
GRAMMAR_DIR  = node_modules/$(patsubst $(1)=%,%,$(filter $(1)=%,$(GRAMMARS)))/src
QUERY_SRC   := $(shell find editor/syntax/queries -name '*.scm' 2>/dev/null)
QUERY_OUT   := $(patsubst editor/syntax/queries/%,$(B)/grammars/queries/%,$(QUERY_SRC))

grammars: $(GRAMMAR_SO) $(QUERY_OUT)

# The files are large tables with little code, so -O1 is enough and all of them build in half a minute on
# two cores. A package is replaced as a whole, so its parser.c is all we depend on. Dart's is of a
# generator that did not mark the symbol we need.
define grammar_rule
$(B)/grammars/$(1).so: $(call GRAMMAR_DIR,$(1))/parser.c
	@mkdir -p $$(@D)
	$$(Q)$$(CC) -std=c11 -D_GNU_SOURCE -O1 -fPIC -w -shared -s \
		$(if $(filter dart,$(1)),,-fvisibility=hidden) \
		-I$$(<D) -o $$@.tmp $$< $$(wildcard $$(<D)/scanner.c) && mv $$@.tmp $$@
endef
$(foreach g,$(GRAMMARS),$(eval $(call grammar_rule,$(firstword $(subst =, ,$(g))))))

$(patsubst %,node_modules/%/src/parser.c,$(foreach g,$(GRAMMARS),$(lastword $(subst =, ,$(g))))): | $(NPM_LOCK) ;

# The syntax test looks at the host's lock.
INC_tests := $(INC_TS)

# What the syntax test needs: grammars that crash and hang.
BAD_GRAMMARS := $(patsubst %,$(B)/tests/unit/editor/syntax/bad/%.so,c python)
$(BAD_GRAMMARS): tests/unit/editor/syntax/bad_grammar.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -fPIC -shared -o $@ $<
$(B)/tests/unit/editor/syntax/syntax_test: | $(BAD_GRAMMARS)

$(B)/grammars/queries/%.scm: editor/syntax/queries/%.scm
	@mkdir -p $(@D)
	@cp $< $@

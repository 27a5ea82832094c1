((regex_pattern) @injection.content
  (#set! injection.language "regex"))

; html`...` and css`...` as the common libraries write them.
((call_expression
  function: (identifier) @injection.language
  arguments: (template_string) @injection.content)
  (#any-of? @injection.language "html" "css" "sql"))

; What a documentation comment says about parameters and types.
((comment) @injection.content
  (#match? @injection.content "^/\\*\\*[^*]")
  (#set! injection.language "jsdoc"))

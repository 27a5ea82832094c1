((regex_pattern) @injection.content
  (#set! injection.language "regex"))

((call_expression
  function: (identifier) @injection.language
  arguments: (template_string) @injection.content)
  (#any-of? @injection.language "html" "css" "sql"))

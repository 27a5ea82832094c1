; Scripts in here documents that name their language.

((heredoc_template (heredoc_identifier) @injection.language (template_literal) @injection.content)
  (#match? @injection.language "^(SQL|JSON|YAML|HTML|BASH|SH|PYTHON|JS)$"))

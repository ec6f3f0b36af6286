//! Shows a guide, which is Markdown, on a terminal: headings, lists, code, quotes and tables, wrapped to the width.
//!
//! Code keeps its backticks and links their addresses, so that nothing is lost without colour. HTML is shown as the text
//! that it is. The only home of pulldown-cmark.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::page::Page;
use super::style::{Ink, Style};

/// Where all of a guide stands.
const MARGIN: &str = "  ";

/// Returns the Markdown as text for a terminal, with a line break at the end.
pub fn render(markdown: &str, style: &Style) -> String {
    let mut guide = Guide::new(style);
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    for event in Parser::new_ext(markdown, options) {
        guide.event(event);
    }
    guide.end_paragraph();
    let text = guide.page.finish();
    format!("{}\n", text.trim_end())
}

/// What is being rendered, and where in it we are.
struct Guide<'a> {
    page: Page<'a>,
    /// Words of the paragraph under way, painted already.
    text: String,
    inks: Vec<Ink>,
    /// For each list that we are in, the number of its next item, if it is numbered.
    lists: Vec<Option<u64>>,
    /// For each item that we are in, whether it holds paragraphs, so that the next one wants an empty line before it.
    loose: Vec<bool>,
    /// What opens the next paragraph of an item: its bullet or number.
    bullet: Option<String>,
    /// What each line begins with: the margin, quotes, the indentation of lists.
    indents: Vec<String>,
    code: Option<String>,
    links: Vec<String>,
    table: Vec<Vec<String>>,
}

impl<'a> Guide<'a> {
    fn new(style: &'a Style) -> Self {
        Self {
            page: Page::new(style),
            text: String::new(),
            inks: Vec::new(),
            lists: Vec::new(),
            loose: Vec::new(),
            bullet: None,
            indents: vec![MARGIN.to_owned()],
            code: None,
            links: Vec::new(),
            table: Vec::new(),
        }
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.words(&text),
            Event::Code(code) => self.inline(&format!("`{code}`"), Ink::Info),
            Event::Html(html) | Event::InlineHtml(html) => self.words(&html),
            Event::InlineMath(math) | Event::DisplayMath(math) => self.words(&math),
            Event::FootnoteReference(name) => self.words(&format!("[{name}]")),
            Event::SoftBreak => self.text.push(' '),
            Event::HardBreak => self.text.push('\n'),
            Event::Rule => self.rule(),
            Event::TaskListMarker(done) => self.text.push_str(if done { "[x] " } else { "[ ] " }),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } => {
                self.end_paragraph();
                self.page.blank();
                self.inks.push(Ink::Strong);
            }
            Tag::Strong => self.inks.push(Ink::Strong),
            Tag::Emphasis => self.inks.push(Ink::Strong),
            Tag::List(first) => {
                self.end_paragraph();
                self.lists.push(first);
            }
            Tag::Item => self.item(),
            Tag::BlockQuote(_) => {
                self.end_paragraph();
                self.page.blank();
                self.indents.push(format!("{} ", self.page.style.symbol("│", "|")));
            }
            Tag::CodeBlock(_) => {
                self.end_paragraph();
                self.code = Some(String::new());
            }
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.links.push(dest_url.into_string());
            }
            Tag::Paragraph => self.loose.last_mut().into_iter().for_each(|loose| *loose = true),
            Tag::TableHead | Tag::TableRow => self.table.push(Vec::new()),
            Tag::Table(_)
            | Tag::TableCell
            | Tag::HtmlBlock
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => self.end_heading(level),
            TagEnd::Strong | TagEnd::Emphasis => {
                self.inks.pop();
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.space();
            }
            TagEnd::Item => {
                self.end_paragraph();
                self.bullet = None;
                self.indents.pop();
                if self.loose.pop() == Some(true) {
                    self.page.blank();
                }
            }
            TagEnd::BlockQuote(_) => {
                self.end_paragraph();
                self.indents.pop();
                self.space();
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::Link | TagEnd::Image => self.end_link(),
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.text);
                self.table.last_mut().into_iter().for_each(|row| row.push(cell.trim().to_owned()));
            }
            TagEnd::Table => self.end_table(),
            TagEnd::Paragraph | TagEnd::HtmlBlock | TagEnd::FootnoteDefinition | TagEnd::DefinitionList => {
                self.end_paragraph();
                self.page.blank();
            }
            TagEnd::DefinitionListTitle | TagEnd::DefinitionListDefinition => self.end_paragraph(),
            TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn words(&mut self, text: &str) {
        match &mut self.code {
            Some(code) => code.push_str(text),
            None => self.inline(text, self.inks.last().copied().unwrap_or(Ink::Plain)),
        }
    }

    /// Adds words, each painted by itself, so that wrapping between them breaks no escape sequence.
    fn inline(&mut self, text: &str, ink: Ink) {
        let text = self.page.style.own(text);
        let words: Vec<String> = text.split(' ').map(|word| self.page.style.paint(ink, word)).collect();
        self.text.push_str(&words.join(" "));
    }

    fn item(&mut self) {
        self.end_paragraph();
        let bullet = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            Some(None) | None => format!("{} ", self.page.style.symbol("•", "*")),
        };
        self.indents.push(" ".repeat(textwrap::core::display_width(&bullet)));
        self.bullet = Some(bullet);
        self.loose.push(false);
    }

    /// Writes the paragraph under way, after its bullet if it is the first one of an item.
    fn end_paragraph(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.trim().is_empty() {
            return;
        }
        let rest = self.indents.concat();
        let first = match self.bullet.take() {
            Some(bullet) => self.indents[..self.indents.len() - 1].concat() + &bullet,
            None => rest.clone(),
        };
        self.page.paragraph(&first, &rest, text.trim(), Ink::Plain);
    }

    fn end_heading(&mut self, level: HeadingLevel) {
        self.inks.pop();
        let width = textwrap::core::display_width(&self.text).min(self.page.room(MARGIN));
        self.end_paragraph();
        if level <= HeadingLevel::H2 {
            let dash = self.page.style.symbol(if level == HeadingLevel::H1 { "═" } else { "─" }, "-");
            self.page.line(&format!("{MARGIN}{}", self.page.style.paint(Ink::Dim, &dash.repeat(width))));
        }
        self.page.blank();
    }

    fn end_code(&mut self) {
        let code = self.code.take().unwrap_or_default();
        let code = self.page.style.own(code.trim_end());
        let prefix = format!("{}  ", self.indents.concat());
        self.page.blank();
        self.page.verbatim(&prefix, &code, usize::MAX, Ink::Info);
        self.page.blank();
    }

    fn end_link(&mut self) {
        let address = self.links.pop().unwrap_or_default();
        let shown = self.page.style.own_line(&address);
        if !shown.is_empty() && !self.text.ends_with(&shown) {
            self.text.push_str(&format!(" <{shown}>"));
        }
    }

    /// Writes a table in columns, or, where it is too wide for that, one line for each cell.
    fn end_table(&mut self) {
        let rows = std::mem::take(&mut self.table);
        let indent = self.indents.concat();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| textwrap::core::display_width(cell))
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let fits = widths.iter().map(|width| width + 2).sum::<usize>() <= self.page.room(&indent);
        self.page.blank();
        for (index, row) in rows.iter().enumerate() {
            if fits {
                self.page.line(&format!("{indent}{}", aligned(row, &widths)));
            } else if index > 0 {
                self.record(&rows[0], row, &indent);
            }
            if fits && index == 0 {
                let dash = self.page.style.symbol("─", "-");
                let rule: Vec<String> = widths.iter().map(|&width| dash.repeat(width)).collect();
                self.page.line(&format!("{indent}{}", self.page.style.paint(Ink::Dim, &rule.join("  "))));
            }
        }
        self.page.blank();
    }

    fn record(&mut self, names: &[String], row: &[String], indent: &str) {
        for (name, cell) in names.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
            self.page.paragraph(indent, &format!("{indent}  "), &format!("{name}: {cell}"), Ink::Plain);
        }
        self.page.blank();
    }

    fn rule(&mut self) {
        self.end_paragraph();
        self.page.blank();
        let rule = self.page.style.symbol("─", "-").repeat(self.page.room(MARGIN).min(20));
        self.page.line(&format!("{MARGIN}{}", self.page.style.paint(Ink::Dim, &rule)));
        self.page.blank();
    }

    /// Leaves a line empty after a list or a quote, but not inside of a list.
    fn space(&mut self) {
        if self.lists.is_empty() {
            self.page.blank();
        }
    }
}

fn aligned(row: &[String], widths: &[usize]) -> String {
    let pad = |(cell, width): (&String, &usize)| {
        cell.clone() + &" ".repeat(width - textwrap::core::display_width(cell))
    };
    row.iter().zip(widths).map(pad).collect::<Vec<_>>().join("  ")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A guide with everything that guides hold.
    pub(in crate::report) const GUIDE: &str = include_str!("testdata/guide.md");

    #[test]
    fn a_guide_reads_as_it_did_before() {
        crate::report::golden::golden("guide.txt", &render(GUIDE, &Style::plain()));
    }

    #[test]
    fn colour_changes_nothing_but_the_colour() {
        let text = render(GUIDE, &Style { colour: true, ..Style::plain() });
        let stripped = anstream::adapter::strip_str(&text).to_string();
        assert_ne!(stripped, text);
        assert_eq!(stripped, render(GUIDE, &Style::plain()));
    }

    #[test]
    fn a_strangers_pack_cannot_act_on_the_terminal() {
        let nasty = "# \u{1b}[2J\n\n`\u{202e}` [a](\u{9b}x) <b\u{200b}>\n\n```\n\u{1b}]0;x\u{7}\n```\n";
        let text = render(nasty, &Style::plain());
        assert!(!text.chars().any(|c| c != '\n' && super::super::sanitize::is_hidden(c)), "{text:?}");
    }
}

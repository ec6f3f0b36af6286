//! One page of HTML that a person reads in a browser, keeps, or prints: it needs no script, no network and no other file.
//!
//! Its policy (<https://www.w3.org/TR/CSP3/>) lets a browser load nothing and run nothing, and apply only the one style sheet
//! whose digest it names; so even what slipped through could do nothing. Reasons are folded out, and fold away without a script.

use std::fmt::Write as _;

use super::Bounded;
use crate::event::{DayReport, RequirementReport, RunReport};
use crate::finding::Finding;
use crate::outcome::{Outcome, Verdict};
use crate::report::compare;
use crate::report::counts::{Counts, counted};
use crate::report::details;
use crate::report::page::Page;
use crate::report::reasons::{self, STYLE};
use crate::report::sanitize::{clipped, for_markup};
use crate::report::style::Ink;
use crate::report::{summary, terminal};

/// Bytes of the whole page, its end aside.
const LONGEST: usize = 2 << 20;
/// Findings shown of one requirement.
const FINDINGS: usize = 20;
/// Frames shown of a traceback: the innermost ones.
const FRAMES: usize = 8;
/// Notices shown of one day.
const NOTICES: usize = 20;
/// Characters of a text that belongs on a line, and of any other.
const LINE: usize = 400;
const TEXT: usize = 4000;

/// Returns the whole page.
pub fn render(run: &RunReport) -> String {
    let mut page = Bounded::new(LONGEST);
    page.add(&head(run));
    page.add(&days(run));
    for day in &run.days {
        self::day(&mut page, day);
    }
    let missing =
        page.missing().map(|missing| format!("<p class=\"warn\">{missing}</p>\n")).unwrap_or_default();
    page.text + &missing + &foot(run)
}

fn head(run: &RunReport) -> String {
    let (word, ink) = terminal::verdict(run.verdict);
    let course = run.info.course.as_str();
    let mut text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{STYLE_DIGEST}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{word}: {course}</title>\n<style>{STYLE_SHEET}</style>\n</head>\n<body>\n<main>\n\
         <h1>{course}: {}</h1>\n",
        state(word, ink)
    );
    for sentence in summary::sentences(run) {
        add(&mut text, format_args!("<p>{}</p>", line(&sentence)));
    }
    if let Some(danger) = summary::danger(run.info.containment.level) {
        add(
            &mut text,
            format_args!("<p class=\"danger\"><strong class=\"bad\">WARNING:</strong> {}</p>", line(danger)),
        );
    }
    text
}

fn days(run: &RunReport) -> String {
    if run.days.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "<table>\n<caption>Days</caption>\n<thead><tr><th scope=\"col\" class=\"name\">Day</th><th scope=\"col\">Title</th>\
         <th scope=\"col\">Verdict</th><th scope=\"col\">Requirements</th></tr></thead>\n<tbody>\n",
    );
    for day in &run.days {
        let (word, ink) = terminal::verdict(day.verdict);
        let (id, title, counts) = (day.day, line(&day.title), Counts::of(&day.requirements).in_words());
        add(
            &mut text,
            format_args!(
                "<tr><td class=\"name\"><a href=\"#{id}\">{id}</a></td><td>{title}</td><td class=\"state\">{}</td><td>{counts}</td></tr>",
                state(word, ink)
            ),
        );
    }
    text + "</tbody>\n</table>\n"
}

fn day(page: &mut Bounded, day: &DayReport) {
    page.add(&overview(day));
    for requirement in &day.requirements {
        if let Outcome::Failed(findings) = &requirement.outcome {
            let asked = format!("{} {}", code(&requirement.id.to_string()), line(&requirement.text));
            let body = self::findings(findings.as_slice());
            page.add(&fold(&anchor(requirement), ("FAILED", Ink::Bad), &asked, &body));
        }
    }
    for (finding, names) in reasons::blocking(day) {
        let body = self::findings(std::slice::from_ref(&finding));
        page.add(&fold("", ("blocked", Ink::Warn), &line(&terminal::waiting(&names)), &body));
    }
    for (fault, names) in reasons::breaking(day) {
        let body = format!("<pre>{}</pre>\n", for_markup(&reasons::of_fault(&fault).body));
        page.add(&fold("", ("BROKEN", Ink::Ours), &line(&names.join(", ")), &body));
    }
}

fn overview(day: &DayReport) -> String {
    let (word, ink) = terminal::verdict(day.verdict);
    let mut text =
        format!("<h2 id=\"{}\">{}: {} {}</h2>\n", day.day, day.day, line(&day.title), state(word, ink));
    let folder = day.folder.as_ref().map(|folder| format!("in {}", code(&STYLE.one_line(folder))));
    let cached = day.cached.then(|| "nothing has changed since it was graded".to_owned());
    let took = (!day.cached).then(|| terminal::in_seconds(day.elapsed));
    let origin: Vec<String> = folder.into_iter().chain(cached).chain(took).collect();
    add(&mut text, format_args!("<p class=\"dim\">{}</p>", origin.join(" · ")));
    text.push_str(
        "<table>\n<thead><tr><th scope=\"col\">State</th><th scope=\"col\">Requirement</th><th scope=\"col\">What is asked for</th></tr></thead>\n<tbody>\n",
    );
    for requirement in &day.requirements {
        let (word, ink) = terminal::status(&requirement.outcome);
        let slug = code(requirement.id.slug.as_str());
        let name = match requirement.outcome {
            Outcome::Failed(_) => format!("<a href=\"#{}\">{slug}</a>", requirement.id),
            _ => slug,
        };
        let asked = line(&requirement.text);
        add(
            &mut text,
            format_args!(
                "<tr><td class=\"state\">{}</td><td>{name}</td><td>{asked}</td></tr>",
                state(word, ink)
            ),
        );
    }
    text.push_str("</tbody>\n</table>\n");
    for notice in day.notices.iter().take(NOTICES) {
        add(&mut text, format_args!("<p class=\"dim\">note: {}</p>", line(&STYLE.one_line(notice))));
    }
    let more = day.notices.len().saturating_sub(NOTICES);
    if more > 0 {
        add(&mut text, format_args!("<p class=\"dim\">… and {}</p>", counted(more, "more note")));
    }
    text
}

fn findings(findings: &[Finding]) -> String {
    let (mut text, mut said) = (String::new(), None);
    for finding in findings.iter().take(FINDINGS) {
        if said != Some(&finding.title) {
            add(&mut text, format_args!("<h3>{}</h3>", line(&finding.title)));
            said = Some(&finding.title);
        }
        self::finding(&mut text, finding);
    }
    let more = findings.len().saturating_sub(FINDINGS);
    if more > 0 {
        add(&mut text, format_args!("<p class=\"dim\">… and {}</p>", counted(more, "more finding")));
    }
    text
}

fn finding(text: &mut String, finding: &Finding) {
    let message = details::message(&STYLE, finding).map(|message| message.trim_end().to_owned());
    let places = details::places(&STYLE, finding);
    let is_brief = finding.did.is_none() && finding.trace.is_empty() && finding.output.is_none();
    if let (true, [place], Some(message)) = (is_brief && !has_comparison(finding), &places[..], &message) {
        return add(text, format_args!("<p>{} {}</p>", code(place), line(message)));
    }
    if let Some(did) = &finding.did {
        part(text, "Ran", &block(&STYLE.theirs(did)));
    }
    if has_comparison(finding) {
        part(text, "Expected and got", &comparison(finding));
    }
    if let Some(message) = message {
        part(text, "Why", &block(&message));
    }
    if !places.is_empty() {
        let lines = places.iter().map(|place| format!("<p>{}</p>", code(place)));
        part(text, "Where", &lines.collect::<String>());
    }
    if !finding.trace.is_empty() {
        part(text, "Trace", &block(&trace(finding)));
    }
    if let Some(output) = &finding.output {
        part(text, "Printed", &block(STYLE.theirs(output).trim_end()));
    }
}

fn has_comparison(finding: &Finding) -> bool {
    finding.expected.is_some() || finding.actual.is_some()
}

/// Shows both sides as the terminal does, each line in the colour of its side.
fn comparison(finding: &Finding) -> String {
    let mut page = Page::new(&STYLE);
    compare::write(&mut page, "", finding.expected.as_ref(), finding.actual.as_ref());
    let text = clipped(page.finish().trim_end(), TEXT);
    let is_diff = text.starts_with("- expected\n");
    let mut side = "equal";
    let lines = text.lines().map(|line| {
        side = match (is_diff, line) {
            (true, line) if line.starts_with('-') => "wanted",
            (true, line) if line.starts_with('+') => "got",
            (true, _) => "equal",
            (false, line) if line.starts_with("expected:") => "wanted",
            (false, line) if line.starts_with("got:") => "got",
            (false, line) if line.starts_with("           ") => "equal",
            (false, _) => side,
        };
        format!("<span class=\"{side}\">{}</span>", for_markup(line))
    });
    format!("<pre>{}</pre>", lines.collect::<String>())
}

fn trace(finding: &Finding) -> String {
    let skipped = finding.trace.len().saturating_sub(FRAMES);
    let frames = finding.trace[skipped..].iter().map(|frame| {
        let (place, function) = (details::place(&STYLE, &frame.place), STYLE.one_line(&frame.function));
        let code = STYLE.one_line(&frame.code);
        format!("{place} in {function}\n    {code}\n")
    });
    let more = if skipped > 0 {
        format!("(the innermost {FRAMES} of {} calls)", finding.trace.len())
    } else {
        String::new()
    };
    frames.collect::<String>() + &more
}

fn fold(id: &str, (word, ink): (&str, Ink), asked: &str, body: &str) -> String {
    format!("<details open{id}>\n<summary>{} {asked}</summary>\n{body}</details>\n", state(word, ink))
}

fn anchor(requirement: &RequirementReport) -> String {
    format!(" id=\"{}\"", requirement.id)
}

fn part(text: &mut String, name: &str, html: &str) {
    add(text, format_args!("<h4>{name}</h4>\n{html}"));
}

fn block(clean: &str) -> String {
    format!("<pre>{}</pre>", for_markup(clipped(clean, TEXT).trim_end()))
}

fn code(clean: &str) -> String {
    format!("<code>{}</code>", for_markup(&clipped(clean, LINE)))
}

/// Returns a text of ours on a line, with what stands between backticks as code.
fn line(text: &str) -> String {
    let text = clipped(&STYLE.own_line(text), LINE);
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return for_markup(&text);
    }
    let piece = |(index, piece): (usize, &&str)| if index % 2 == 1 { code(piece) } else { for_markup(piece) };
    pieces.iter().enumerate().map(piece).collect()
}

fn state(word: &str, ink: Ink) -> String {
    let class = match ink {
        Ink::Good => "good",
        Ink::Bad => "bad",
        Ink::Warn => "warn",
        Ink::Ours => "ours",
        Ink::Plain | Ink::Strong | Ink::Dim | Ink::Info => "dim",
    };
    format!("<span class=\"{class}\">{word}</span>")
}

fn foot(run: &RunReport) -> String {
    let containment = &run.info.containment;
    let mut parts = Vec::new();
    if !matches!(run.verdict, Verdict::NotStarted | Verdict::Undecided) {
        parts.push(format!(
            "seed {} (repeat with {})",
            run.info.seed,
            code(&format!("--seed {}", run.info.seed))
        ));
        parts.push(format!("took {}", terminal::in_seconds(run.elapsed)));
    }
    if !containment.layers.is_empty() {
        parts.push(format!(
            "sandbox {} ({})",
            containment.level.name(),
            line(&containment.layers.join(", "))
        ));
        parts.extend(containment.missing.iter().map(|missing| format!("but {}", line(missing))));
    }
    format!(
        "<footer><p>{}</p><p>grade {}</p></footer>\n</main>\n</body>\n</html>\n",
        parts.join(" · "),
        env!("CARGO_PKG_VERSION")
    )
}

fn add(text: &mut String, line: std::fmt::Arguments<'_>) {
    // A string takes everything.
    let _ = writeln!(text, "{line}");
}

const STYLE_SHEET: &str = include_str!("html.css");
/// The digest of the style sheet, as the policy names it.
const STYLE_DIGEST: &str = "sha256-MYg0J6TncKlLpKD0tc89C9a6tg+Bc7iz56r4F0cKjoM=";

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use quick_xml::Reader;
    use quick_xml::events::Event;
    use sha2::Digest;

    use super::*;
    use crate::report::{canned, hostile};

    /// Elements without content, which HTML does not close.
    const VOID: &[&str] = &["meta"];

    /// Reads the page, and returns how many elements of each name there are. What is not closed in its place panics.
    fn elements(html: &str) -> BTreeMap<String, usize> {
        let html =
            html.replace("<!DOCTYPE html>\n", "").replace(" open", " open=\"\"").replace(STYLE_SHEET, "");
        let mut reader = Reader::from_str(&html);
        reader.config_mut().check_end_names = false;
        let (mut found, mut open): (BTreeMap<String, usize>, Vec<String>) = Default::default();
        loop {
            match reader.read_event().unwrap() {
                Event::Start(tag) => {
                    let name = tag.name().as_ref().to_owned();
                    for attribute in tag.attributes() {
                        let attribute = attribute.unwrap().key.as_ref().to_owned();
                        assert!(!attribute.starts_with("on") && attribute != "src" && attribute != "style");
                    }
                    *found.entry(name.clone()).or_default() += 1;
                    if !VOID.contains(&name.as_str()) {
                        open.push(name);
                    }
                }
                Event::End(tag) => assert_eq!(open.pop().as_deref(), Some(tag.name().as_ref())),
                Event::Text(_) | Event::GeneralRef(_) => {}
                Event::Eof => break,
                other => panic!("{other:?}"),
            }
        }
        assert!(open.is_empty(), "{open:?}");
        found
    }

    #[test]
    fn whatever_a_stranger_wrote_is_text_between_elements_of_ours() {
        const KNOWN: &[&str] = &[
            "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "h4", "p", "a",
            "code", "pre", "span", "strong", "table", "caption", "thead", "tbody", "tr", "th", "td",
            "details", "summary", "footer",
        ];
        for run in hostile::runs().chain(canned::all().into_iter().map(|(_, run)| run)) {
            let found = elements(&render(&run));
            assert!(found.keys().all(|name| KNOWN.contains(&name.as_str())), "{found:?}");
        }
    }

    #[test]
    fn every_link_leads_to_a_place_on_the_page() {
        let html = render(&canned::everything());
        for link in html.split(" href=\"").skip(1) {
            let target = link.split('"').next().unwrap().strip_prefix('#').expect("no link leads elsewhere");
            assert!(html.contains(&format!(" id=\"{target}\"")), "{target}");
        }
    }

    #[test]
    fn the_policy_names_the_digest_of_the_style_sheet() {
        let digest = sha2::Sha256::digest(STYLE_SHEET.as_bytes());
        assert_eq!(STYLE_DIGEST, format!("sha256-{}", base64(&digest)));
        assert!(
            !STYLE_SHEET.contains("url(") && !STYLE_SHEET.contains("@import") && !STYLE_SHEET.contains('<')
        );
    }

    fn base64(bytes: &[u8]) -> String {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for group in bytes.chunks(3) {
            let bits =
                (0..3).fold(0_u32, |bits, index| bits << 8 | u32::from(*group.get(index).unwrap_or(&0)));
            for index in 0..4 {
                let letter = LETTERS[(bits >> (18 - 6 * index) & 63) as usize];
                text.push(if index <= group.len() { char::from(letter) } else { '=' });
            }
        }
        text
    }
}

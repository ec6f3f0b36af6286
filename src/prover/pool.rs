//! Does pieces of work side by side, each in the company that it is to be done in.
//!
//! There are as many workers as jobs and, from the first piece on that is not to be done in calm, some more: as many as there are processors but one,
//! and one at the least. The pieces are taken in their order.
//! Where one has to wait for a quieter moment, or there are none left, a worker keeps a processor busy for those that want it so.

use std::hint::black_box;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, Scope, available_parallelism, scope};

/// In what company a piece of work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Company {
    /// With others that want calm, as many in all as there are jobs, and with whatever is not done yet of what was begun in a crowd.
    Calm,
    /// With more of them, if there are more.
    Crowd,
    /// With more of them or, where there are none, with what is of no use to anybody but keeps processors busy.
    Busy,
}

/// Does every piece of work. `heard` is told in this thread of each that is done: which one it was, and what came of it.
///
/// # Errors
///
/// The first one that there is. It ends the others when they are done.
pub(super) fn side_by_side<T: Sync, R: Send, E: Send>(
    jobs: usize,
    pieces: &[T],
    company: impl Fn(&T) -> Company,
    act: impl Fn(&T) -> Result<R, E> + Sync,
    mut heard: impl FnMut(usize, R),
) -> Result<(), E> {
    let processors = available_parallelism().map_or(1, usize::from);
    let floor = Floor {
        companies: pieces.iter().map(company).collect(),
        jobs,
        more: processors.saturating_sub(1).max(1),
        state: Mutex::default(),
        changed: Condvar::new(),
    };
    let mut failed = None;
    scope(|scope| {
        let (done, all) = channel();
        for _ in 0..jobs {
            let worker = Worker { floor: &floor, pieces, act: &act, done: done.clone() };
            scope.spawn(move || worker.work(scope));
        }
        drop(done);
        for (index, result) in all {
            match result {
                Ok(result) if failed.is_none() => heard(index, result),
                Ok(_) => {}
                Err(error) => failed = failed.take().or(Some(error)),
            }
        }
    });
    failed.map_or(Ok(()), Err)
}

/// Does every piece of work in calm, and returns what came of them in their order. `progress` hears how many are done.
///
/// # Errors
///
/// As `side_by_side`.
pub(super) fn calmly<T: Sync, R: Send, E: Send>(
    jobs: usize,
    pieces: &[T],
    act: impl Fn(&T) -> Result<R, E> + Sync,
    progress: &dyn Fn(usize),
) -> Result<Vec<R>, E> {
    let mut results: Vec<(usize, R)> = Vec::new();
    side_by_side(
        jobs,
        pieces,
        |_| Company::Calm,
        act,
        |index, result| {
            results.push((index, result));
            progress(results.len());
        },
    )?;
    results.sort_unstable_by_key(|(index, _)| *index);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// Whoever does pieces of work, one after the other.
struct Worker<'a, T, R, E, A> {
    floor: &'a Floor,
    pieces: &'a [T],
    act: &'a A,
    done: Sender<(usize, Result<R, E>)>,
}

impl<'a, T: Sync, R: Send + 'a, E: Send + 'a, A: Fn(&T) -> Result<R, E> + Sync> Worker<'a, T, R, E, A> {
    fn work(self, scope: &'a Scope<'a, '_>) {
        let _guard = OverIfPanicking(self.floor);
        loop {
            match self.floor.turn() {
                Turn::Take(index) => {
                    if self.floor.is_first_of_a_crowd(index) {
                        self.call_others(scope);
                    }
                    let result = (self.act)(&self.pieces[index]);
                    self.floor.leave(index, result.is_err());
                    // Whoever listens does so to the end.
                    let _ = self.done.send((index, result));
                }
                Turn::Toil => toil(|| self.floor.is_toil_over()),
                Turn::End => return,
            }
        }
    }

    /// Starts the workers that there are more than jobs.
    fn call_others(&self, scope: &'a Scope<'a, '_>) {
        for _ in 0..self.floor.more {
            let other = Self { done: self.done.clone(), ..*self };
            // Where there is no thread to be had, the machine is busy enough.
            let _ = Builder::new().name("busy".to_owned()).spawn_scoped(scope, move || other.work(scope));
        }
    }
}

/// Where workers take turns.
struct Floor {
    companies: Vec<Company>,
    jobs: usize,
    more: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The piece that is taken next.
    next: usize,
    running: usize,
    /// How many of those want calm.
    calm: usize,
    /// How many of those want busy processors.
    busy: usize,
    /// How many workers keep a processor busy.
    toiling: usize,
    /// Whether nothing more is to be taken.
    over: bool,
}

/// What a worker does next.
enum Turn {
    Take(usize),
    Toil,
    End,
}

impl Floor {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is something to do, and says what.
    fn turn(&self) -> Turn {
        let mut state = self.lock();
        loop {
            if self.may_take(&state) {
                let index = state.next;
                state.next += 1;
                state.enter(self.companies[index]);
                return Turn::Take(index);
            }
            if self.lacks_toil(&state) && state.toiling < self.more {
                state.toiling += 1;
                return Turn::Toil;
            }
            if state.over || state.next == self.companies.len() {
                return Turn::End;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn may_take(&self, state: &State) -> bool {
        let all = self.jobs + self.more;
        let most = match self.companies.get(state.next) {
            None => 0,
            // What is still being done of an earlier day may be what waits for a time-out.
            Some(Company::Calm) => all.min(self.jobs + state.running - state.calm),
            Some(Company::Crowd | Company::Busy) => {
                if state.calm == 0 {
                    all
                } else {
                    self.jobs
                }
            }
        };
        !state.over && state.running < most
    }

    /// Returns whether processors are to be kept busy besides.
    fn lacks_toil(&self, state: &State) -> bool {
        !state.over && state.busy > 0
    }

    fn is_toil_over(&self) -> bool {
        let mut state = self.lock();
        let is_over = !self.lacks_toil(&state) || self.may_take(&state);
        state.toiling -= usize::from(is_over);
        is_over
    }

    /// Returns whether this piece is the first that may be done with more others than there are jobs.
    fn is_first_of_a_crowd(&self, index: usize) -> bool {
        self.companies.iter().position(|company| *company != Company::Calm) == Some(index)
    }

    fn leave(&self, index: usize, failed: bool) {
        let mut state = self.lock();
        state.leave(self.companies[index]);
        state.over |= failed;
        self.changed.notify_all();
    }
}

impl State {
    fn enter(&mut self, company: Company) {
        self.running += 1;
        self.calm += usize::from(company == Company::Calm);
        self.busy += usize::from(company == Company::Busy);
    }

    fn leave(&mut self, company: Company) {
        self.running -= 1;
        self.calm -= usize::from(company == Company::Calm);
        self.busy -= usize::from(company == Company::Busy);
    }
}

/// Ends what others do beside a thread that panics, so that nobody waits for what never comes.
struct OverIfPanicking<'a>(&'a Floor);

impl Drop for OverIfPanicking<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.lock().over = true;
            self.0.changed.notify_all();
        }
    }
}

/// Counts until it is over.
fn toil(is_over: impl Fn() -> bool) {
    let mut number = 1_u64;
    while !is_over() {
        for _ in 0..100_000 {
            number = black_box(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    /// Does pieces that last a moment, two jobs at a time. Returns, for each, how many were being done at the most while it was.
    fn company_of_each(companies: &[Company]) -> Vec<usize> {
        let running = AtomicUsize::new(0);
        let most: Vec<AtomicUsize> = companies.iter().map(|_| AtomicUsize::new(0)).collect();
        let pieces: Vec<usize> = (0..companies.len()).collect();
        let act = |own: &usize| -> Result<(), ()> {
            running.fetch_add(1, Ordering::SeqCst);
            let until = Instant::now() + Duration::from_millis(20);
            while Instant::now() < until {
                most[*own].fetch_max(running.load(Ordering::SeqCst), Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(1));
            }
            running.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        };
        let mut heard = Vec::new();
        side_by_side(2, &pieces, |own| companies[*own], act, |index, ()| heard.push(index)).unwrap();
        heard.sort_unstable();
        assert_eq!(heard, pieces);
        most.into_iter().map(AtomicUsize::into_inner).collect()
    }

    #[test]
    fn what_wants_calm_is_done_with_no_more_than_there_are_jobs_and_the_others_with_more() {
        let seen = company_of_each(&[[Company::Calm; 6], [Company::Crowd; 6]].concat());
        assert!(seen[..6].iter().all(|most| *most <= 2), "{seen:?}");
        assert!(seen[6..].iter().any(|most| *most > 2), "{seen:?}");
    }

    #[test]
    fn what_waits_does_not_keep_the_next_day_from_beginning() {
        let (begun, end) = (AtomicUsize::new(0), Instant::now() + Duration::from_secs(20));
        // The first waits until all others are done.
        let act = |own: &usize| -> Result<(), ()> {
            while *own == 0 && begun.load(Ordering::SeqCst) < 5 && Instant::now() < end {
                std::thread::sleep(Duration::from_millis(1));
            }
            begun.fetch_add(1, Ordering::SeqCst);
            Ok(())
        };
        let company = |own: &usize| if *own == 0 { Company::Crowd } else { Company::Calm };
        let mut heard = Vec::new();
        side_by_side(1, &[0, 1, 2, 3, 4, 5], company, act, |index, ()| heard.push(index)).unwrap();
        assert_eq!(heard, [1, 2, 3, 4, 5, 0]);
    }

    #[test]
    fn processors_are_kept_busy_until_the_last_that_wants_it_is_done() {
        let floor = Floor {
            companies: vec![Company::Busy, Company::Crowd],
            jobs: 1,
            more: 1,
            state: Mutex::default(),
            changed: Condvar::new(),
        };
        assert!(matches!(floor.turn(), Turn::Take(0)));
        assert!(matches!(floor.turn(), Turn::Take(1)));
        floor.leave(1, false);
        assert!(matches!(floor.turn(), Turn::Toil));
        assert!(!floor.is_toil_over());
        floor.leave(0, false);
        assert!(floor.is_toil_over());
        assert!(matches!(floor.turn(), Turn::End));
    }

    #[test]
    fn the_first_error_ends_it() {
        let act = |own: &usize| if *own == 3 { Err(*own) } else { Ok(()) };
        let pieces: Vec<usize> = (0..1000).collect();
        let mut heard = 0;
        let ended = side_by_side(2, &pieces, |_| Company::Calm, act, |_, ()| heard += 1);
        assert_eq!(ended, Err(3));
        assert!(heard < 100, "{heard}");
    }

    #[test]
    fn what_comes_of_calm_work_is_in_order() {
        let act = |own: &u64| -> Result<u64, ()> {
            std::thread::sleep(Duration::from_millis(10 - own));
            Ok(own * 2)
        };
        let pieces: Vec<u64> = (0..10).collect();
        assert_eq!(calmly(3, &pieces, act, &|_| {}), Ok((0..10).map(|own| own * 2).collect()));
    }
}

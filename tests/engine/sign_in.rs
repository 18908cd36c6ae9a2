//! Signing in: every way it works, and a sentence that says what to do for every way it does not.

use model::ipc::SignIn;
use model::{AgentTarget, Command, Credential, KeepSecret, Link, Presence, ProblemCode, UnifiedPresence};
use product_tests::{Desk, becomes, by_password, by_token, centre, new_account, presence, problem_of, state};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

async fn refused(account: model::NewAccount) -> model::Problem {
    let desk = Desk::new().await;
    let problem = desk.engine.add_account(account).await.expect_err("it must not work");
    assert!(desk.engine.snapshot().accounts.is_empty(), "nothing is kept");
    problem
}

fn password(username: &str, password: &str) -> Credential {
    Credential::Password { username: username.to_owned(), password: password.to_owned(), code: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_work_says_what_is_wrong() {
    let sandbox = centre(&[]).await;
    let url = sandbox.daktela_url();
    for (url, credential, code) in [
        ("not an address", password("ida", "x"), ProblemCode::BadAddress),
        ("http://acme.daktela.com", password("ida", "x"), ProblemCode::BadAddress),
        ("https://no-such-host.invalid", password("ida", "x"), ProblemCode::Unreachable),
        ("http://127.0.0.1:1", password("ida", "x"), ProblemCode::Unreachable),
        (&url, password("ida", "wrong"), ProblemCode::WrongCredentials),
        (
            &url,
            Credential::Token { token: "wrong".to_owned(), username: None, second: None, user: None },
            ProblemCode::WrongCredentials,
        ),
    ] {
        let problem = refused(new_account(url, credential)).await;
        assert_eq!(problem.code, code, "{url}: {problem:?}");
        assert!(!problem.message.is_empty() && !problem.hint.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_web_server_that_is_no_daktela_is_told_as_such() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let page = "<html><body>It works!</body></html>";
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}",
                page.len()
            );
            let mut request = [0; 4096];
            let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    let problem = refused(new_account(&url, password("ida", "x"))).await;
    assert_eq!(problem.code, ProblemCode::NotThisPlatform);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_with_single_sign_on_only_asks_for_a_token_and_takes_it() {
    let sandbox = centre(&[("sso_only", "on")]).await;
    assert_eq!(refused(by_password(&sandbox, 0)).await.code, ProblemCode::SingleSignOnOnly);
    let mut desk = Desk::new().await;
    let account = desk.add(by_token(&sandbox, 0)).await;
    desk.go_ready(&account).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_of_login_and_whoim_is_understood() {
    for switches in [
        [("login_answer", "user"), ("version", "string"), ("whoim_lists", "map")],
        [("rotate_cookies", "on"), ("rdata", "absent"), ("available", "data")],
        [("users", "restricted"), ("whoim_bad_token", "401"), ("envelope", "old")],
    ] {
        let sandbox = centre(&switches).await;
        let (desk, account) = Desk::ready(&sandbox).await;
        let told = state(desk.told(), &account);
        assert!(!told.queues.is_empty() && !told.agent.as_ref().unwrap().pauses.is_empty(), "{switches:?}");
        assert!(told.queues.iter().any(|queue| queue.join == model::QueueJoin::Manual), "{switches:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_user_is_not_added_twice() {
    let sandbox = centre(&[]).await;
    let mut desk = Desk::new().await;
    desk.sign_in(&sandbox, 0).await;
    let problem = desk.engine.add_account(by_password(&sandbox, 0)).await.unwrap_err();
    assert_eq!((problem.code, &*problem.facts["why"]), (ProblemCode::NotPossible, "already_added"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_token_is_renewed_without_the_agent_noticing() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(&sandbox).await;
    let before = product_tests::secret(&desk, &account);
    control.run("POST", "/tokens/expire", serde_json::json!({"user": "ida"})).unwrap();
    let call = desk.rung(&control, &account, "+442079460555").await;
    assert_eq!(desk.told().agent.presence, UnifiedPresence::Ready);
    desk.confirmed(Command::Answer { activity: call.id, device: None }).await;
    becomes("the new tokens are kept", || product_tests::secret(&desk, &account) != before).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_that_are_about_to_end_are_renewed_in_time() {
    // Shorter than the margin, so that every poll renews first.
    let sandbox = centre(&[("token_ttl", "30"), ("poll_hold", "1")]).await;
    let (desk, account) = Desk::ready(&sandbox).await;
    let before = product_tests::secret(&desk, &account);
    becomes("the new tokens are kept", || product_tests::secret(&desk, &account) != before).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_token_asks_the_agent_and_a_new_sign_in_goes_on() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let mut desk = Desk::new().await;
    let account = desk.add(by_token(&sandbox, 0)).await;
    desk.go_ready(&account).await;
    control.run("POST", "/tokens/revoke", serde_json::json!({"user": "ida"})).unwrap();
    desk.link(&account, Link::SignedOut).await;
    assert_eq!(problem_of(desk.told(), &account), Some(ProblemCode::SignInNeeded));
    desk.until("signed out as a whole", |s| (s.agent.presence == UnifiedPresence::SignedOut).then_some(()))
        .await;
    let ready = Command::SetState { target: AgentTarget::Ready, accounts: Some(vec![account.clone()]) };
    assert_eq!(desk.refused(ready).await.code, ProblemCode::SignInNeeded);

    let sign_in = |user: usize| {
        let credential = by_password(&sandbox, user).credential;
        SignIn { account: account.clone(), credential, keep: KeepSecret::Session }
    };
    let problem = desk.engine.sign_in(sign_in(1)).await.unwrap_err();
    assert_eq!(problem.facts["why"], "somebody_else");
    desk.engine.sign_in(sign_in(0)).await.unwrap();
    desk.link(&account, Link::Live).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_is_refused_is_not_sent_again_and_again() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(&sandbox).await;
    // From now on the tenant refuses passwords with 400, not with 401.
    control.switch("sso_only", "on").unwrap();
    control.run("POST", "/tokens/revoke", serde_json::json!({"user": "ida"})).unwrap();
    desk.link(&account, Link::SignedOut).await;
    assert_eq!(problem_of(desk.told(), &account), Some(ProblemCode::SignInNeeded));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_and_secrets_outlive_a_restart_and_leave_with_the_account() {
    let sandbox = centre(&[]).await;
    let (desk, account) = Desk::ready(&sandbox).await;
    let mut desk = desk.restarted().await;
    desk.link(&account, Link::Live).await;
    assert_eq!(presence(desk.told(), &account), Some(Presence::Ready));
    desk.engine.remove_account(account.clone()).await.unwrap();
    desk.until("it is gone", |s| s.accounts.is_empty().then_some(())).await;
    assert!(product_tests::secret(&desk, &account).is_none());
    assert_eq!(desk.engine.remove_account(account).await.unwrap_err().code, ProblemCode::Gone);
    assert!(desk.restarted().await.told().accounts.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_only_secret_is_gone_after_a_restart() {
    let sandbox = centre(&[]).await;
    let mut desk = Desk::new().await;
    let new = model::NewAccount { keep: KeepSecret::Session, ..by_password(&sandbox, 0) };
    let account = desk.add(new).await;
    desk.link(&account, Link::Live).await;
    assert!(product_tests::secret(&desk, &account).is_none(), "the keychain was not asked for");
    let mut desk = desk.restarted().await;
    desk.link(&account, Link::SignedOut).await;
    assert_eq!(problem_of(desk.told(), &account), Some(ProblemCode::SignInNeeded));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_keychain_is_said_and_tried_again_on_the_agents_word() {
    let sandbox = centre(&[]).await;
    let (desk, account) = Desk::ready(&sandbox).await;
    desk.vault.lock();
    let mut desk = desk.restarted().await;
    desk.link(&account, Link::SignedOut).await;
    assert_eq!(problem_of(desk.told(), &account), Some(ProblemCode::KeychainLocked));
    desk.vault.unlock();
    desk.engine.retry_vault();
    desk.link(&account, Link::Live).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_keychain_keeps_a_new_account_out() {
    let sandbox = centre(&[]).await;
    let desk = Desk::new().await;
    desk.vault.lock();
    let problem = desk.engine.add_account(by_password(&sandbox, 0)).await.unwrap_err();
    assert_eq!(problem.code, ProblemCode::KeychainLocked);
    assert!(desk.engine.snapshot().accounts.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_practice_account_lives_in_memory_only() {
    let sandbox = centre(&[]).await;
    let mut desk = Desk::new().await;
    let credential = by_password(&sandbox, 0).credential;
    let url = sandbox.daktela_url();
    let account = desk.engine.add_practice_account(model::Platform::Daktela, &url, credential).await.unwrap();
    desk.until("contacts are offered", |s| {
        let state = s.accounts.iter().find(|state| state.account.id == account)?;
        state.capabilities.contains(&model::Capability::Contacts).then_some(())
    })
    .await;
    assert!(state(desk.told(), &account).account.practice);
    assert!(desk.restarted().await.told().accounts.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_lists_what_this_tenant_allows() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let desk = Desk::new().await;
    let lines = |report: &model::ConnectionReport| -> Vec<(String, Option<bool>)> {
        report.lines.iter().map(|line| (line.what.clone(), line.ok)).collect()
    };
    let report = desk.engine.check_new_account(by_password(&sandbox, 0)).await;
    assert_eq!(report.lines.len(), 10);
    assert!(lines(&report).iter().all(|(_, ok)| *ok == Some(true)), "{report:#?}");
    assert!(report.user.is_some() && report.version.is_some());

    control.run("POST", "/permissions", serde_json::json!({"user": "ida", "deny": ["contacts"]})).unwrap();
    let report = desk.engine.check_new_account(by_token(&sandbox, 0)).await;
    let denied = report.lines.iter().find(|line| line.what == "contacts").unwrap();
    assert_eq!(denied.problem.as_ref().map(|problem| problem.code), Some(ProblemCode::Forbidden));

    let report =
        desk.engine.check_new_account(new_account(&sandbox.daktela_url(), password("ida", "no"))).await;
    assert_eq!(
        lines(&report)[..3],
        [("address".into(), Some(true)), ("sign_in".into(), Some(false)), ("pull".into(), None)]
    );
    let report = desk.engine.check_new_account(new_account("nowhere at all", password("ida", "no"))).await;
    assert_eq!(lines(&report)[0], ("address".into(), Some(false)));
    assert!(desk.engine.snapshot().accounts.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_listens_is_checked_without_a_second_poll() {
    let sandbox = centre(&[]).await;
    let (desk, account) = Desk::ready(&sandbox).await;
    let report = desk.engine.check_account(account).await.unwrap();
    assert!(report.lines.iter().all(|line| line.ok == Some(true)), "{report:#?}");
    assert_eq!(sandbox.control().state()["most_polls_in_flight"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_leaves_the_state_that_was_asked_for() {
    for (leave, left) in [(model::LeaveState::NotReady, "not_ready"), (model::LeaveState::Stay, "ready")] {
        let sandbox = centre(&[]).await;
        let (desk, _) = Desk::ready(&sandbox).await;
        desk.engine.stop(leave).await;
        assert_eq!(sandbox.control().state()["agents"]["ida"]["presence"], left);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn https_is_trusted_by_the_given_authority_only() {
    let options = sandbox::Options { tls: true, ..sandbox::Options::default() };
    let sandbox = sandbox::start(options).await.unwrap();
    assert_eq!(refused(by_password(&sandbox, 0)).await.code, ProblemCode::UntrustedCertificate);
    let dir = tempfile::tempdir().unwrap();
    let vault = std::sync::Arc::new(engine::SessionVault::default());
    let mut options = product_tests::options(dir.path().to_owned(), vault);
    options.http.extra_ca_pem = vec![sandbox.certificate_pem().unwrap().to_owned()];
    let engine = engine::Engine::start(options).await.unwrap();
    engine.add_account(by_password(&sandbox, 0)).await.expect("the authority is trusted");
}

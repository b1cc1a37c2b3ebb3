//! A real server for a test: on a free port of the loopback, in a folder of its own, ended with the
//! test. It ends no process but the one that it has started.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{env, fs, process};

use hardtack_redis::Place;

/// `redis-server`, with every write on the disk before it is answered.
pub struct Server {
    child: Option<Child>,
    port: u16,
    folder: PathBuf,
}

impl Server {
    pub fn start() -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let name = format!("hardtack-redis-{}-{number}", process::id());
        let folder = env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        let mut server = Self {
            child: None,
            port: 0,
            folder,
        };
        // The port was free a moment ago; if somebody else has taken it, the next one is.
        while !server.try_start(free_port()) {}
        server
    }

    pub fn place(&self) -> Place {
        Place::new(&self.url(), "test:").unwrap()
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends the server as a power cut would: nothing is flushed, nobody is told.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Starts it again on what it has left behind.
    pub fn restart(&mut self) {
        self.kill();
        let (port, start) = (self.port, Instant::now());
        while !self.try_start(port) {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "the port is not free again"
            );
        }
    }

    /// All that the server has written to the disk.
    pub fn files(&self) -> Vec<u8> {
        let mut folders = vec![self.folder.clone()];
        let mut bytes = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    bytes.extend(fs::read(path).unwrap());
                }
            }
        }
        bytes
    }

    fn try_start(&mut self, port: u16) -> bool {
        let mut child = Command::new("redis-server")
            .args([
                "--port",
                &port.to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
            ])
            .args(["--appendonly", "yes", "--appendfsync", "always"])
            .arg("--dir")
            .arg(&self.folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-server is installed");
        let client = redis::Client::open(format!("redis://127.0.0.1:{port}")).unwrap();
        let start = Instant::now();
        let up = loop {
            if child.try_wait().unwrap().is_some() || start.elapsed() > Duration::from_secs(60) {
                break false;
            }
            let pong = client
                .get_connection_with_timeout(Duration::from_secs(1))
                .and_then(|mut connection| redis::cmd("PING").query::<String>(&mut connection));
            if pong.is_ok_and(|pong| pong == "PONG") {
                break true;
            }
            sleep(Duration::from_millis(20));
        };
        self.port = port;
        self.child = Some(child);
        if !up {
            self.kill();
        }
        up
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

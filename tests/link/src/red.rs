//! What must not link.

crate::linked! {
    "red::index": |bytes: &[u8], at: usize| bytes[at];
    "red::unwrap": |number: Option<u8>| number.unwrap();
    "red::slice": |bytes: &[u8], at: usize| bytes[at..].len();
    "red::divide": |a: u32, b: u32| a / b;
    "red::allocate": || alloc::boxed::Box::new(crate::given::<[u8; 9]>());
}

extern crate alloc;

#[cfg(target_os = "none")]
struct Heap;

#[cfg(target_os = "none")]
// SAFETY: never run.
unsafe impl core::alloc::GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: core::alloc::Layout) -> *mut u8 {
        unsafe extern "C" {
            fn this_allocates(size: usize) -> *mut u8;
        }
        // SAFETY: never run.
        unsafe { this_allocates(layout.size()) }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: core::alloc::Layout) {}
}

#[cfg(target_os = "none")]
#[global_allocator]
static HEAP: Heap = Heap;

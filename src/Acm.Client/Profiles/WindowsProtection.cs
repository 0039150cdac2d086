using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Acm.Client.Profiles;

/// <summary>
/// The data protection of Windows (DPAPI), for the current user: what one user protects, no other user and no other machine can read. Called straight from
/// crypt32, so that neither flavour needs a package for it.
/// </summary>
internal sealed class WindowsProtection : ISecretProtection
{
    /// <summary>CRYPTPROTECT_UI_FORBIDDEN: a script never opens a window.</summary>
    private const int NoWindow = 1;

    /// <inheritdoc/>
    public string Name => "dpapi";

    /// <summary>This platform's; null where it has none.</summary>
    public static ISecretProtection? OfPlatform => RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? new WindowsProtection() : null;

    /// <inheritdoc/>
    public string Protect(string secret) => Convert.ToBase64String(Call(Encoding.UTF8.GetBytes(secret), protects: true));

    /// <inheritdoc/>
    public string Unprotect(string stored) => Encoding.UTF8.GetString(Call(Convert.FromBase64String(stored), protects: false));

    private static byte[] Call(byte[] input, bool protects)
    {
        GCHandle pinned = GCHandle.Alloc(input, GCHandleType.Pinned);
        Blob output = default;
        try
        {
            var blob = new Blob { Length = input.Length, Data = pinned.AddrOfPinnedObject() };
            bool done = protects
                ? CryptProtectData(ref blob, null, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, NoWindow, out output)
                : CryptUnprotectData(ref blob, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, NoWindow, out output);
            if (!done) throw new Win32Exception(Marshal.GetLastWin32Error());

            byte[] result = new byte[output.Length];
            Marshal.Copy(output.Data, result, 0, result.Length);
            return result;
        }
        finally
        {
            pinned.Free();
            Array.Clear(input, 0, input.Length);
            if (output.Data != IntPtr.Zero) LocalFree(output.Data);
        }
    }

    [DllImport("crypt32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool CryptProtectData(ref Blob input, string? description, IntPtr entropy, IntPtr reserved, IntPtr prompt, int flags, out Blob output);

    [DllImport("crypt32.dll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool CryptUnprotectData(ref Blob input, IntPtr description, IntPtr entropy, IntPtr reserved, IntPtr prompt, int flags, out Blob output);

    [DllImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern IntPtr LocalFree(IntPtr memory);

    [StructLayout(LayoutKind.Sequential)]
    private struct Blob
    {
        public int Length;
        public IntPtr Data;
    }
}

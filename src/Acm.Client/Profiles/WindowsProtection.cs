using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Acm.Client.Profiles;

/// <summary>
/// Protects secrets with DPAPI for the current user: other users and machines cannot read them. Calls crypt32 directly, so no
/// package is needed.
/// </summary>
internal sealed class WindowsProtection : ISecretProtection
{
    /// <summary>CRYPTPROTECT_UI_FORBIDDEN: never shows a dialog.</summary>
    private const int NoWindow = 1;

    /// <inheritdoc/>
    public string Name => "dpapi";

    /// <summary>Gets the protection of this platform; null if there is none.</summary>
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

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Acm.Tests.StandIns;

/// <summary>KMS, API of 2016-01-20, as it is documented: three operations with real cryptography, the states of a key, its limits.</summary>
internal sealed class KmsStandIn(string? madeOutTo = null) : RpcStandIn("2016-01-20", madeOutTo)
{
    private const int MaxPlaintext = 6144;

    private readonly ConcurrentDictionary<string, byte[]> _keys = new() { [DefaultKey] = RandomNumberGenerator.GetBytes(32) };

    public const string DefaultKey = "alias/acs/acm";

    /// <summary>What a key's state has it refuse, by key id.</summary>
    public ConcurrentDictionary<string, StandInReply> Refusals { get; } = new();

    /// <summary>How many operations were asked for, of whichever kind.</summary>
    public int Calls => Requests.Count;

    protected override IReadOnlyCollection<string> SecretFields => ["Plaintext", "CiphertextBlob", "SecurityToken"];

    public void AddKey(string keyId) => _keys[keyId] = RandomNumberGenerator.GetBytes(32);

    /// <summary>Encrypts as another client of this KMS would.</summary>
    public string Encrypt(string text, string keyId = DefaultKey) => Seal(keyId, Encoding.UTF8.GetBytes(text));

    /// <summary>Decrypts as another client of this KMS would.</summary>
    public string Decrypt(string blob) => Encoding.UTF8.GetString(Open(blob, out _)!);

    protected override StandInReply Answer(RpcRequest request) => request.Action switch
    {
        "Encrypt" => WithKey(request, EncryptText),
        "GenerateDataKey" => WithKey(request, MakeDataKey),
        "Decrypt" => DecryptBlob(request),
        _ => Error(404, "InvalidAction.NotFound"),
    };

    private StandInReply WithKey(RpcRequest request, Func<RpcRequest, string, StandInReply> answer)
    {
        string keyId = request.Field("KeyId");
        if (keyId.Length == 0) return Error(400, "MissingKeyId");
        if (!_keys.ContainsKey(keyId)) return Error(404, keyId.StartsWith("alias/", StringComparison.Ordinal) ? "Forbidden.AliasNotFound" : "Forbidden.KeyNotFound");
        return Refusals.TryGetValue(keyId, out StandInReply? refusal) ? refusal : answer(request, keyId);
    }

    private StandInReply EncryptText(RpcRequest request, string keyId)
    {
        byte[] text = Encoding.UTF8.GetBytes(request.Field("Plaintext"));
        if (text.Length is 0 or > MaxPlaintext) return Error(400, "InvalidParameter", "The specified parameter Plaintext is not valid: " + request.Field("Plaintext"));
        return Json(("CiphertextBlob", Seal(keyId, text)), ("KeyId", keyId), ("KeyVersionId", "2ab1a983-7072-4bbc-a582-584b5bd8****"));
    }

    private StandInReply MakeDataKey(RpcRequest request, string keyId)
    {
        int length = request.Field("KeySpec") switch { "AES_128" => 16, "AES_256" or "" => 32, _ => 0 };
        if (length == 0) return Error(400, "InvalidParameter");

        string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(length));
        return Json(("Plaintext", key), ("CiphertextBlob", Seal(keyId, Encoding.ASCII.GetBytes(key))), ("KeyId", keyId), ("KeyVersionId", "2ab1a983-7072-4bbc-a582-584b5bd8****"));
    }

    private StandInReply DecryptBlob(RpcRequest request)
    {
        byte[]? text = Open(request.Field("CiphertextBlob"), out string keyId);
        if (Refusals.TryGetValue(keyId, out StandInReply? refusal)) return refusal;
        if (text is null) return Error(400, "InvalidParameter", "The specified parameter CiphertextBlob is not valid: " + request.Field("CiphertextBlob"));
        return Json(("Plaintext", Encoding.UTF8.GetString(text)), ("KeyId", keyId), ("KeyVersionId", "2ab1a983-7072-4bbc-a582-584b5bd8****"));
    }

    /// <summary>Length and id of the key, nonce, tag, cipher text; all in Base64.</summary>
    private string Seal(string keyId, byte[] text)
    {
        byte[] id = Encoding.UTF8.GetBytes(keyId);
        byte[] nonce = RandomNumberGenerator.GetBytes(12);
        byte[] tag = new byte[16];
        byte[] cipherText = new byte[text.Length];
        using var aes = new AesGcm(_keys[keyId], tag.Length);
        aes.Encrypt(nonce, text, cipherText, tag);
        return Convert.ToBase64String([(byte)id.Length, .. id, .. nonce, .. tag, .. cipherText]);
    }

    private byte[]? Open(string blob, out string keyId)
    {
        keyId = "";
        try
        {
            byte[] bytes = Convert.FromBase64String(blob);
            keyId = Encoding.UTF8.GetString(bytes, 1, bytes[0]);
            if (!_keys.TryGetValue(keyId, out byte[]? key)) return null;

            ReadOnlySpan<byte> rest = bytes.AsSpan(1 + bytes[0]);
            byte[] text = new byte[rest.Length - 28];
            using var aes = new AesGcm(key, 16);
            aes.Decrypt(rest[..12], rest[28..], rest[12..28], text);
            return text;
        }
        catch (Exception e) when (e is FormatException or CryptographicException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            return null;
        }
    }
}

namespace Acm.Client.Calls;

/// <summary>The places that one call's lines go to: the client's log and the call's own.</summary>
internal readonly struct CallLog
{
    private readonly IAcmLog? _client;
    private readonly IAcmLog? _call;

    public CallLog(IAcmLog? client, IAcmLog? call)
    {
        _client = client;
        _call = call;
    }

    public bool IsEnabled(AcmLogLevel level) => _client?.IsEnabled(level) == true || _call?.IsEnabled(level) == true;

    public void Write(AcmLogLevel level, string message)
    {
        if (_client?.IsEnabled(level) == true) _client.Write(level, message);
        if (_call?.IsEnabled(level) == true) _call.Write(level, message);
    }
}

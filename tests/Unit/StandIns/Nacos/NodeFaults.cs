using System.Collections.Concurrent;
using Acm.Tests.Support;

namespace Acm.Tests.StandIns.Nacos;

/// <summary>What is wrong with a node now. Nothing is, to begin with.</summary>
internal sealed class NodeFaults
{
    /// <summary>Answers a request otherwise than the node would; null for its own answer.</summary>
    public Func<ScriptedRequest, ScriptedReply?> Script { get; set; } = _ => null;

    /// <summary>Answers each request so, whatever it is: a reset, a hang, a broken status line; null for its own answers.</summary>
    public ScriptedReply? Always { get; set; }

    /// <summary>Configurations whose read it denies although lists and listens know them, as after a cold start.</summary>
    public Func<string, bool> Denies { get; set; } = _ => false;

    /// <summary>What it goes on to serve while it is cut off from the others; null while it is not.</summary>
    public IReadOnlyDictionary<string, StoredVersion>? CutOff { get; set; }

    /// <summary>Configurations that its lists leave out.</summary>
    public Func<string, bool> Unlisted { get; set; } = _ => false;

    /// <summary>Whether there is no leader, so that writes and lists fail.</summary>
    public bool NoLeader { get; set; }

    /// <summary>So many writes are carried out and answered with an error.</summary>
    public int FailsAfterWriting { get; set; }

    /// <summary>So many reads are answered 409.</summary>
    public int Busy { get; set; }

    /// <summary>What it serves of a configuration although something newer is stored, until the test takes it out.</summary>
    public ConcurrentDictionary<string, StoredVersion> Behind { get; } = new(StringComparer.Ordinal);
}

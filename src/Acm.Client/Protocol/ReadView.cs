namespace Acm.Client.Protocol;

/// <summary>What a server looked at to answer a read.</summary>
internal enum ReadView
{
    /// <summary>What it serves to clients, which can be behind what is stored. That something is missing there is a claim, no proof.</summary>
    Served,

    /// <summary>What is stored: what a condition is compared with, and a lost write is looked for in. Clients may be served something else.</summary>
    Stored,

    /// <summary>There is one view: what is stored is what is served.</summary>
    Only,
}

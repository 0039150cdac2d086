namespace Acm.Client.Transfer.Diffing;

/// <summary>
/// Computes a shortest edit script between two texts with linear memory (E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986, section 4b).
/// If two texts differ so much that this would take too long, the remaining part is replaced completely, which is correct but not the shortest script.
/// </summary>
internal sealed class LineDiff
{
    /// <summary>Limit of steps, about a tenth of a second.</summary>
    private const long MostSteps = 30_000_000;

    private readonly int[] _old;
    private readonly int[] _new;
    private readonly int[] _forward;
    private readonly int[] _backward;
    private readonly int _zero;
    private long _stepsLeft;

    private LineDiff(int[] old, int[] @new, long mostSteps)
    {
        _old = old;
        _new = @new;
        _stepsLeft = mostSteps;
        _zero = old.Length + @new.Length + 1;
        _forward = new int[(2 * _zero) + 1];
        _backward = new int[(2 * _zero) + 1];
        Removed = new bool[old.Length];
        Added = new bool[@new.Length];
        Run();
    }

    /// <summary>Gets for each line of the old text whether it was removed.</summary>
    public bool[] Removed { get; }

    /// <summary>Gets for each line of the new text whether it was added.</summary>
    public bool[] Added { get; }

    /// <summary>Compares lines by their numbers.</summary>
    public static LineDiff Of(int[] old, int[] @new, long mostSteps = MostSteps) => new(old, @new, mostSteps);

    private void Run()
    {
        // An explicit stack, because the depth of recursion depends on the texts.
        var boxes = new Stack<Box>();
        boxes.Push(new Box(0, _old.Length, 0, _new.Length));
        while (boxes.Count > 0)
        {
            Box box = Trimmed(boxes.Pop());
            if (box.Width == 0 || box.Height == 0 || !TrySplit(box, out int x, out int y))
            {
                for (int i = box.OldStart; i < box.OldEnd; i++) Removed[i] = true;
                for (int i = box.NewStart; i < box.NewEnd; i++) Added[i] = true;
                continue;
            }

            boxes.Push(new Box(x, box.OldEnd, y, box.NewEnd));
            boxes.Push(new Box(box.OldStart, x, box.NewStart, y));
        }
    }

    private Box Trimmed(Box box)
    {
        while (box is { Width: > 0, Height: > 0 } && _old[box.OldStart] == _new[box.NewStart]) box = box with { OldStart = box.OldStart + 1, NewStart = box.NewStart + 1 };
        while (box is { Width: > 0, Height: > 0 } && _old[box.OldEnd - 1] == _new[box.NewEnd - 1]) box = box with { OldEnd = box.OldEnd - 1, NewEnd = box.NewEnd - 1 };
        return box;
    }

    /// <summary>Finds a point in the middle of a shortest path through the box, by searching from both ends.</summary>
    private bool TrySplit(Box box, out int oldIndex, out int newIndex)
    {
        int width = box.Width;
        int height = box.Height;
        int delta = width - height;
        bool isOdd = (delta & 1) != 0;
        int most = (width + height + 1) / 2;
        _forward[_zero + 1] = 0;
        _backward[_zero + 1] = 0;
        for (int edits = 0; edits <= most; edits++)
        {
            for (int k = -edits; k <= edits; k += 2)
            {
                int x = Furthest(_forward, k, edits);
                int y = x - k;
                while (x < width && y < height && y >= 0 && _old[box.OldStart + x] == _new[box.NewStart + y])
                {
                    x++;
                    y++;
                    _stepsLeft--;
                }

                _forward[_zero + k] = x;
                if (isOdd && x <= width && y <= height && Math.Abs(delta - k) < edits && x + _backward[_zero + delta - k] >= width)
                    return Found(box, x, y, out oldIndex, out newIndex);
            }

            for (int k = -edits; k <= edits; k += 2)
            {
                int x = Furthest(_backward, k, edits);
                int y = x - k;
                while (x < width && y < height && y >= 0 && _old[box.OldEnd - 1 - x] == _new[box.NewEnd - 1 - y])
                {
                    x++;
                    y++;
                    _stepsLeft--;
                }

                _backward[_zero + k] = x;
                if (!isOdd && x <= width && y <= height && Math.Abs(delta - k) <= edits && x + _forward[_zero + delta - k] >= width)
                    return Found(box, width - x, height - y, out oldIndex, out newIndex);
            }

            _stepsLeft -= 2 * (edits + 1);
            if (_stepsLeft < 0) break;
        }

        oldIndex = newIndex = 0;
        return false;
    }

    private int Furthest(int[] ends, int k, int edits)
    {
        int below = k == -edits ? -1 : ends[_zero + k - 1];
        int above = k == edits ? -1 : ends[_zero + k + 1];
        return edits == 0 ? 0 : Math.Max(below + 1, above);
    }

    private static bool Found(Box box, int x, int y, out int oldIndex, out int newIndex)
    {
        oldIndex = box.OldStart + x;
        newIndex = box.NewStart + y;

        // A corner does not split the box and would loop forever.
        return (x > 0 || y > 0) && (x < box.Width || y < box.Height);
    }

    private readonly record struct Box(int OldStart, int OldEnd, int NewStart, int NewEnd)
    {
        public int Width => OldEnd - OldStart;

        public int Height => NewEnd - NewStart;
    }
}

package io.skep.bus.internal.mail;

import io.skep.core.api.message.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The part of one mailbox that is in memory: messages and tasks, in order. Guarded by the mailbox's lock. */
final class Waiting {

    private final ArrayDeque<Item> queue = new ArrayDeque<>();
    private int messages;
    private int stored;

    /** How many messages there are. */
    int messages() {
        return messages;
    }

    /** Whether none of the messages is in the store, too. */
    boolean pageIsDone() {
        return stored == 0;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    boolean hasTask() {
        return queue.stream().anyMatch(Item.Task.class::isInstance);
    }

    void add(Item.Task task) {
        queue.add(task);
    }

    void add(Item.Letter letter) {
        queue.add(letter);
        messages++;
    }

    /** Puts what was read from the store before everything else, in its order. */
    void putInFront(List<Item.Letter> letters) {
        for (int i = letters.size() - 1; i >= 0; i--) {
            queue.addFirst(letters.get(i));
        }
        stored += letters.size();
        messages += letters.size();
    }

    /** Puts {@code newer} in the place of a message that says the same; {@code false} when there is none. */
    boolean replace(Message newer) {
        for (Item item : queue) {
            if (item instanceof Item.Letter letter
                    && letter.number() == Spill.NONE
                    && MessageClass.replaces(newer, letter.message())) {
                letter.replace(newer);
                return true;
            }
        }
        return false;
    }

    /** Takes the first item out, {@code null} for none. */
    Item poll() {
        Item item = queue.poll();
        if (item instanceof Item.Letter letter) {
            stored -= letter.number() == Spill.NONE ? 0 : 1;
            messages--;
        }
        return item;
    }

    /** Takes the first task out, past messages; {@code null} for none. */
    Item pollTask() {
        for (Iterator<Item> items = queue.iterator(); items.hasNext(); ) {
            if (items.next() instanceof Item.Task task) {
                items.remove();
                return task;
            }
        }
        return null;
    }

    /** Takes the tasks of {@code owner} out. */
    List<Item.Task> removeTasks(Object owner) {
        List<Item.Task> tasks = new ArrayList<>();
        queue.removeIf(item -> item instanceof Item.Task task && task.owner() == owner && tasks.add(task));
        return tasks;
    }

    /** The messages, in order. */
    List<Item.Letter> letters() {
        List<Item.Letter> letters = new ArrayList<>(messages);
        for (Item item : queue) {
            if (item instanceof Item.Letter letter) {
                letters.add(letter);
            }
        }
        return letters;
    }

    void clear() {
        queue.clear();
        messages = 0;
        stored = 0;
    }
}
